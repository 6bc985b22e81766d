// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static kernel.uapi.Errno.ENOENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.machine.bus.DeviceModelFactory;
import integration.tests.framework.InFramework;
import integration.tests.framework.TestBundle;
import integration.tests.framework.TestFramework;
import integration.tests.machine.TestMachine;
import integration.tests.specimens.Greeter;
import integration.tests.specimens.HelloProgram;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;

/** What user programs and modules can be wired to, and what they can see. */
@InFramework(
        bundles = {"hardware.machine", "kernel.api", "kernel.core", "kernel.vfs", "hardware.tempsensor", "userland"},
        properties = {"ubend.parameters=devices=", "felix.bootdelegation.implicit=false"})
class RingIT {
    private static final String REASON = ": user programs reach the kernel by system calls only";

    private TestMachine machine;
    private Bundle program;

    @BeforeEach
    void reboot(TestFramework framework) throws InterruptedException {
        machine = TestMachine.reboot(framework);
    }

    @AfterEach
    void uninstall() throws BundleException {
        if (program != null) {
            program.uninstall();
        }
    }

    @Test
    void aProgramOfABundleIsAFileOfBin(TestFramework framework) throws Exception {
        program = framework.install(program("hello"));
        program.start();
        assertThat(machine.ls("/bin")).contains("hello");
        assertThat(machine.sh("hello; hello | wc -l")).matches("hello from process \\d+\n *1\n");
        program.stop();
        assertThat(machine.ls("/bin")).doesNotContain("hello").contains("sh");
        assertThat(machine.sh("hello")).contains("not found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kernel.api.context",
                "kernel.api.device",
                "kernel.core",
                "kernel.core.control",
                "kernel.vfs",
                "hardware.machine",
                "hardware.machine.bus",
                "hardware.tempsensor.registers"
            })
    void aProgramThatImportsThePackageDoesNotResolve(String packageName, TestFramework framework) throws Exception {
        program = framework.install(program("curious").header(Constants.IMPORT_PACKAGE, packageName + ", *"));
        String refusal = "ring 3: bundle curious may not import " + packageName + REASON;
        assertThatThrownBy(program::start).isInstanceOf(BundleException.class).hasStackTraceContaining(refusal);
        assertThat(machine.dmesg()).contains(refusal);
        assertThat(program.getState()).isEqualTo(Bundle.INSTALLED);
    }

    @Test
    void anOptionalImportOfTheKernelIsNotWired(TestFramework framework) throws Exception {
        program = framework.install(
                program("curious").header(Constants.IMPORT_PACKAGE, "kernel.core;resolution:=optional, *"));
        program.start();
        assertThatThrownBy(() -> program.loadClass("kernel.core.Kernel")).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void aDynamicImportOfTheKernelFindsNothing(TestFramework framework) throws Exception {
        program = framework.install(program("curious").header(Constants.DYNAMICIMPORT_PACKAGE, "*"));
        program.start();
        assertThatThrownBy(() -> program.loadClass("kernel.core.Kernel")).isInstanceOf(ClassNotFoundException.class);
        assertThatThrownBy(() -> program.loadClass("hardware.machine.Machine"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThat(machine.dmesg())
                .contains(
                        "ring 3: bundle curious may not import kernel.core" + REASON,
                        "ring 3: bundle curious may not import hardware.machine" + REASON);
        assertThat(program.loadClass("kernel.uapi.Errno")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel.api", "kernel.core", "hardware.machine"})
    void aProgramThatRequiresABundleDoesNotResolve(String bundle, TestFramework framework) throws Exception {
        program = framework.install(program("curious").header(Constants.REQUIRE_BUNDLE, bundle));
        assertThatThrownBy(program::start).isInstanceOf(BundleException.class);
        assertThat(machine.dmesg()).contains("ring 3: bundle curious may not import all of bundle " + bundle + REASON);
    }

    @Test
    void aProgramThatIsAFragmentOfTheKernelIsNotAttached(TestFramework framework) throws Exception {
        // A host that is wired already takes no fragments: what counts is one that is about to be.
        Bundle host = framework.install(TestBundle.named("privileged").with(Greeter.class));
        program = framework.install(program("parasite").header(Constants.FRAGMENT_HOST, "privileged"));
        try {
            host.start();
            assertThat(program.getState()).isEqualTo(Bundle.INSTALLED);
            assertThat(fragments(host)).isEmpty();
            assertThat(machine.dmesg())
                    .contains("ring 3: bundle parasite may not import all of bundle privileged" + REASON);
        } finally {
            host.uninstall();
        }
    }

    @Test
    void aFragmentOfAProgramDoesNotBringTheKernelIn(TestFramework framework) throws Exception {
        program = framework.install(program("host"));
        Bundle fragment = framework.install(TestBundle.named("stowaway")
                .with(HelloProgram.class)
                .header(Constants.FRAGMENT_HOST, "host")
                .header(Constants.IMPORT_PACKAGE, "kernel.core, *"));
        try {
            program.start();
            assertThat(fragment.getState()).isEqualTo(Bundle.INSTALLED);
            assertThat(fragments(program)).isEmpty();
            assertThatThrownBy(() -> program.loadClass("kernel.core.Kernel"))
                    .isInstanceOf(ClassNotFoundException.class);
        } finally {
            fragment.uninstall();
        }
    }

    @Test
    void aProgramSeesNoServiceOfTheKernel(TestFramework framework) throws Exception {
        machine.plugSensor();
        machine.insmod("drivers.tempsensor");
        program = framework.install(program("curious"));
        program.start();
        assertThat(visible(program))
                .extracting(service -> service.getBundle().getSymbolicName())
                .isNotEmpty()
                .isSubsetOf(
                        "userland", "curious", framework.context().getBundle(0).getSymbolicName());
    }

    @Test
    void aModuleSeesNoMakerOfDevices(TestFramework framework) throws Exception {
        machine.plugSensor();
        machine.insmod("drivers.tempsensor");
        Bundle module = framework.bundle("drivers.tempsensor").orElseThrow();
        List<String> heard = new CopyOnWriteArrayList<>();
        module.getBundleContext()
                .addServiceListener(event ->
                        heard.add(event.getServiceReference().getBundle().getSymbolicName()));
        Bundle hardware = framework.bundle("hardware.tempsensor").orElseThrow();
        hardware.stop();
        machine.settle();
        hardware.start();
        machine.plugSensor();
        assertThat(framework.service(DeviceModelFactory.class).type()).isEqualTo("tempsensor");
        assertThat(heard).doesNotContain("hardware.tempsensor");
        assertThat(visible(module))
                .extracting(service -> service.getBundle().getSymbolicName())
                .contains("drivers.tempsensor")
                .doesNotContain("hardware.tempsensor", "hardware.machine");
    }

    @Test
    void aModuleSeesNoServiceOfAPackageThatItMayNotImport(TestFramework framework) throws Exception {
        machine.insmod("drivers.tempsensor");
        assertThat(visible(framework.bundle("drivers.tempsensor").orElseThrow()))
                .flatExtracting(service -> List.of((String[]) service.getProperty(Constants.OBJECTCLASS)))
                .noneMatch(type -> type.startsWith("kernel.core.") || type.startsWith("kernel.vfs."))
                .noneMatch(type -> type.startsWith("hardware."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel.core", "kernel.core.fs", "kernel.vfs", "userland.libc"})
    void aModuleThatImportsThePackageIsNotLoaded(String packageName) {
        TestBundle module = TestBundle.named("nosy")
                .with(HelloProgram.class)
                .header("Kernel-Module", "nosy;description=\"x\";license=\"Apache-2.0\"")
                .header(Constants.IMPORT_PACKAGE, packageName + ", *");
        assertThat(machine.insmod(module)).isEqualTo(ENOENT);
        assertThat(machine.dmesg())
                .anyMatch(line -> line.contains("module: bundle nosy may not import " + packageName
                        + ": drivers see kernel.api and the names of registers only"));
        assertThat(machine.lsmod()).isEmpty();
    }

    private static TestBundle program(String name) {
        return TestBundle.named(name).with(HelloProgram.class).header("Kernel-Ring", "3");
    }

    private static List<?> fragments(Bundle host) {
        return host.adapt(BundleWiring.class).getProvidedWires("osgi.wiring.host");
    }

    /** All services that a bundle can find. */
    private static List<ServiceReference<?>> visible(Bundle bundle) throws Exception {
        return Stream.<ServiceReference<?>>of(bundle.getBundleContext().getAllServiceReferences(null, null))
                .toList();
    }
}
