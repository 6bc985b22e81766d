// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import integration.tests.framework.InFramework;
import integration.tests.framework.LoaderWatch;
import integration.tests.framework.TestBundle;
import integration.tests.framework.TestFramework;
import integration.tests.machine.TestMachine;
import integration.tests.specimens.Greeter;
import integration.tests.specimens.HelloProgram;
import integration.tests.specimens.Lamp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kernel.core.control.BundleControl;
import kernel.core.control.BundleControl.BundleDescription;
import kernel.core.control.HardwareControl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Devices and programs of one's own: how they come into the machine and leave it. */
@InFramework(
        bundles = {"hardware.machine", "kernel.api", "kernel.core", "kernel.vfs", "hardware.tempsensor", "userland"},
        properties = {"ubend.parameters=devices=", "felix.bootdelegation.implicit=false"})
class BundleControlIT {
    private TestMachine machine;
    private BundleControl bundles;
    private HardwareControl hardware;

    @BeforeEach
    void reboot(TestFramework framework) throws InterruptedException {
        machine = TestMachine.reboot(framework);
        bundles = framework.service(BundleControl.class);
        hardware = framework.service(HardwareControl.class);
    }

    @Test
    void aMakerOfDevicesComesAndTakesItsDevicesAlong(TestFramework framework) throws Exception {
        assertThat(bundles.add(jar(lamp())))
                .isEqualTo(new BundleDescription("lamps", "1.0.0", List.of("lamp"), List.of()));
        assertThat(hardware.types()).containsKey("lamp");
        machine.plugSensor();
        assertThat(hardware.plug("lamp", Map.of())).isEqualTo("lamp0");
        assertThat(hardware.plug("lamp", Map.of())).isEqualTo("lamp1");
        assertThat(machine.device("lamp1").compatible()).isEqualTo("acme,lamp");
        LoaderWatch loader = framework.watch(framework.bundle("lamps").orElseThrow());
        bundles.remove("lamps");
        machine.settle();
        assertThat(hardware.types()).doesNotContainKey("lamp");
        assertThat(hardware.devices())
                .extracting(HardwareControl.DeviceState::name)
                .containsExactly("tempsensor0");
        assertThat(framework.bundle("lamps")).isEmpty();
        loader.awaitCollected();
    }

    @Test
    void programsComeAndGo() throws Exception {
        assertThat(bundles.add(jar(program("hello"))).programs()).containsExactly("/bin/hello");
        assertThat(machine.sh("hello")).startsWith("hello from process ");
        bundles.remove("hello");
        assertThat(machine.sh("hello")).contains("not found");
    }

    @Test
    void aProgramWhoseBundleImportsPackagesOfTheLanguageIsWired() throws Exception {
        // What bnd writes unless it is told not to.
        TestBundle plain = program("plain").header("-noimportjava", "false");
        assertThat(bundles.add(jar(plain)).programs()).containsExactly("/bin/hello");
        bundles.remove("plain");
    }

    @Test
    void whatAModuleUsesStays(TestFramework framework) throws Exception {
        machine.plugSensor();
        machine.insmod("drivers.tempsensor");
        assertThatThrownBy(() -> bundles.remove("hardware.tempsensor"))
                .hasMessage("bundle hardware.tempsensor is in use by the module tempsensor");
        assertThat(machine.head("/dev/tempsensor")).isEqualTo("21.500\n");
        machine.rmmod("tempsensor");
        Path jar = framework.jar("hardware.tempsensor");
        bundles.remove("hardware.tempsensor");
        assertThat(hardware.devices()).isEmpty();
        assertThat(bundles.add(jar.toString()).devices()).containsExactly("tempsensor");
    }

    @Test
    void whatIsNeitherLeavesNothingBehind(TestFramework framework) throws Exception {
        Path text = Files.writeString(Files.createTempFile("text", ".jar"), "text");
        List<BundleDescription> before = bundles.bundles();
        assertThatThrownBy(() -> bundles.add("/nowhere.jar")).hasMessage("/nowhere.jar: no such file");
        assertThatThrownBy(() -> bundles.add(text.toString())).hasMessageContaining(": not a jar: ");
        assertThatThrownBy(() -> bundles.add(framework.jar("drivers.tempsensor").toString()))
                .hasMessageEndingWith(": a module: insmod loads it");
        assertThatThrownBy(() -> bundles.add(jar(TestBundle.named("idle").with(Greeter.class))))
                .hasMessageContaining(": neither makes devices");
        assertThatThrownBy(() -> bundles.add(jar(program("curious").header("Import-Package", "kernel.core, *"))))
                .hasMessageContaining("ring 3: bundle curious may not import kernel.core");
        assertThatThrownBy(() -> bundles.remove("kernel.core"))
                .hasMessage("no bundle 'kernel.core' makes devices or brings programs");
        assertThat(framework.bundle("idle")).isEmpty();
        assertThat(framework.bundle("curious")).isEmpty();
        assertThat(bundles.bundles()).isEqualTo(before);
    }

    @Test
    void theSecondMakerOfATypeIsIgnored() throws Exception {
        bundles.add(jar(lamp()));
        bundles.add(jar(TestBundle.named("copycat").with(Lamp.class)));
        assertThat(machine.dmesg()).contains("bus: somebody makes 'lamp' already, another one is ignored");
        hardware.plug("lamp", Map.of());
        bundles.remove("copycat");
        assertThat(hardware.devices()).hasSize(1);
        bundles.remove("lamps");
        assertThat(hardware.devices()).isEmpty();
    }

    private static TestBundle lamp() {
        return TestBundle.named("lamps").with(Lamp.class);
    }

    private static TestBundle program(String name) {
        return TestBundle.named(name).with(HelloProgram.class).header("Kernel-Ring", "3");
    }

    private static String jar(TestBundle bundle) {
        return bundle.jar().toString();
    }
}
