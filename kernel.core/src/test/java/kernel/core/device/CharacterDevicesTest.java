// SPDX-License-Identifier: Apache-2.0
package kernel.core.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import kernel.api.file.FileOperations;
import kernel.core.device.DeviceLab.ScriptedDevice;
import kernel.core.execution.Lab;
import kernel.core.execution.Task;
import kernel.core.fs.DeviceNode;
import kernel.core.fs.DeviceNumbers;
import kernel.core.fs.FileDescription;
import kernel.uapi.Errno;
import kernel.uapi.FileMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Device numbers and nodes: who gets which, who is told, and what opening one does. */
class CharacterDevicesTest {
    private final DeviceLab devices = new DeviceLab(Lab.deterministic(1));
    private final CharacterDevices characters = devices.characters;
    private final List<String> told = new ArrayList<>();
    private DeviceBinding binding;

    @BeforeEach
    void bind() {
        devices.lab.start(
                "insmod",
                (Task self) ->
                        binding = devices.registry.newBinding(devices.plug(), devices.module("bell"), "bell", self));
        devices.lab.finish();
    }

    @AfterEach
    void close() {
        devices.close();
    }

    private final class Listener implements DeviceNumbers.Listener {
        @Override
        public void added(DeviceNode node) {
            told.add("+" + node.name());
        }

        @Override
        public void removed(DeviceNode node) {
            told.add("-" + node.name());
        }
    }

    private DeviceRegistration register(String driver, int minor) {
        return characters.register(binding, new ScriptedDevice(driver, minor, devices.log), minor);
    }

    private static int major(DeviceRegistration registration) {
        return FileMode.major(registration.node().device());
    }

    @Test
    void aDriverHasOneMajorNumberForAllItsDevicesFrom240Upwards() {
        DeviceRegistration first = register("bell", 0);
        DeviceRegistration second = register("bell", 1);
        DeviceRegistration other = register("gong", 0);
        assertThat(major(first)).isEqualTo(240);
        assertThat(major(second)).isEqualTo(240);
        assertThat(major(other)).isEqualTo(241);
        assertThat(FileMode.minor(second.node().device())).isEqualTo(1);
        assertThat(second.node().name()).isEqualTo("bell1");
        assertThat(second.node().mode()).isEqualTo(FileMode.S_IFCHR | 0666);
    }

    @Test
    void theMajorNumberIsFreeAgainWithTheLastDeviceOfTheDriver() {
        DeviceRegistration first = register("bell", 0);
        DeviceRegistration second = register("bell", 1);
        characters.unregister(first);
        assertThat(major(register("gong", 0))).isEqualTo(241);
        characters.unregister(second);
        assertThat(major(register("horn", 0))).isEqualTo(240);
    }

    @Test
    void aNumberOrNameIsGivenOnce() {
        register("bell", 0);
        assertThat(register("bell", 0)).as("the number is taken").isNull();
        characters.registerBuiltIn(1, 3, "mem", "null", 0666, new FileOperations() {});
        assertThat(register("null", 0)).as("the name is taken").isNull();
        assertThat(major(register("gong", 0)))
                .as("what was refused has taken nothing")
                .isEqualTo(241);
    }

    @Test
    void unregisteringTwiceDoesNothing() {
        DeviceRegistration old = register("bell", 0);
        characters.listen(new Listener());
        characters.unregister(old);
        DeviceRegistration fresh = register("bell", 0);
        characters.unregister(old);
        assertThat(told).containsExactly("+bell", "-bell", "+bell");
        assertThat(characters.nodes()).containsExactly(fresh.node());
    }

    @Test
    void whoListensIsToldOfWhatIsThereAlready() {
        register("bell", 0);
        characters.listen(new Listener());
        register("gong", 0);
        assertThat(told).containsExactly("+bell", "+gong");
    }

    @Test
    void thereAreSoManyDynamicNumbersAndNoMore() {
        for (int i = 240; i <= 511; i++) {
            assertThat(major(register("driver" + i, 0))).isEqualTo(i);
        }
        assertThatThrownBy(() -> register("one more", 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void procDevicesListsDriversByMajorNumber() {
        characters.registerBuiltIn(5, 1, "console", "console", 0600, new FileOperations() {});
        characters.registerBuiltIn(1, 3, "mem", "null", 0666, new FileOperations() {});
        characters.registerBuiltIn(1, 5, "mem", "zero", 0666, new FileOperations() {});
        register("bell", 0);
        assertThat(characters.procText()).isEqualTo("Character devices:\n  1 mem\n  5 console\n240 bell\n");
    }

    @Test
    void aNumberThatNobodyHasIsEnxio() {
        Program.start(devices.lab, "reader", self -> {
            assertThat(characters.openCharacterDevice(self, Program.file("f"), FileMode.device(99, 0)))
                    .isEqualTo(-Errno.ENXIO);
            FileDescription file = Program.file("null");
            FileOperations nothing = new FileOperations() {};
            characters.registerBuiltIn(1, 3, "mem", "null", 0666, nothing);
            assertThat(characters.openCharacterDevice(self, file, FileMode.device(1, 3)))
                    .isZero();
            assertThat(file.operations()).isSameAs(nothing);
            assertThat(file.device()).as("it never goes").isNull();
        });
        devices.lab.finish();
    }

    @Test
    void aModuleOnItsWayOutIsNotOpened() {
        long number = register("bell", 0).node().device();
        devices.modules.beginUnload(devices.module("bell"), false);
        Program.start(
                devices.lab,
                "reader",
                self -> assertThat(characters.openCharacterDevice(self, Program.file("f"), number))
                        .isEqualTo(-Errno.ENODEV));
        devices.lab.finish();
        assertThat(devices.log).isEmpty();
    }
}
