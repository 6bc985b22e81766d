// SPDX-License-Identifier: Apache-2.0
package kernel.core.device;

import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENXIO;
import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import java.util.ArrayList;
import java.util.List;
import kernel.api.device.IoMemory;
import kernel.api.interrupt.InterruptResult;
import kernel.api.wait.WaitQueue;
import kernel.core.device.DeviceLab.ScriptedDevice;
import kernel.core.execution.Doorbell;
import kernel.core.execution.Exploration;
import kernel.core.execution.Lab;
import kernel.core.fs.FileDescription;
import kernel.core.module.LoadedModule;
import org.junit.jupiter.api.Test;

/** A device is pulled, or its driver goes, while programs open, read and close: under many schedules. */
class DeviceExplorationTest {
    @Test
    void whateverIsGoingOnTheDriverGoesAndNobodyHangs() {
        Exploration.of(2, lab -> unbindWhileInUse(lab, false));
    }

    @Test
    void whateverIsGoingOnTheDeviceMayBePulled() {
        Exploration.of(2, lab -> unbindWhileInUse(lab, true));
    }

    private static void unbindWhileInUse(Lab lab, boolean pull) {
        DeviceLab devices = new DeviceLab(lab);
        BusDevice device = devices.plug();
        LoadedModule module = devices.module("bell");
        DeviceBinding[] binding = new DeviceBinding[1];
        boolean[] left = new boolean[1];
        lab.start("insmod", self -> {
            binding[0] = devices.registry.newBinding(device, module, "bell", self);
            IoMemory registers = binding[0].registers();
            WaitQueue queue = binding[0].waitQueue("readers");
            int[] done = new int[1];
            binding[0].requestInterrupt(0, "bell", context -> {
                assertThat(left[0]).as("a handler after the end").isFalse();
                int count = registers.read(context, Doorbell.DONE);
                if (count == -1) {
                    return InterruptResult.NONE;
                }
                registers.write(context, Doorbell.DONE, count);
                done[0] += count;
                queue.wakeUp(context);
                return InterruptResult.HANDLED;
            });
            ScriptedDevice character = new ScriptedDevice("bell", 0, devices.log);
            character.onRead = (context, file) -> {
                assertThat(left[0]).as("a read after the end").isFalse();
                registers.write(context, Doorbell.RING, 200);
                int before = done[0];
                int answer = queue.waitEventInterruptible(context, () -> done[0] > before);
                assertThat(answer).isIn(0, -ENODEV);
            };
            character.onRelease = (context, file) ->
                    assertThat(left[0]).as("a release after the end").isFalse();
            binding[0].probed();
            binding[0].register(character);
        });
        lab.runUntil(() -> !devices.characters.nodes().isEmpty());
        long number = devices.characters.nodes().getFirst().device();
        List<String> opened = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int me = i;
            Program.start(lab, "reader" + i, self -> {
                for (int n = 0; n < 2; n++) {
                    FileDescription file = Program.file(me + "/" + n);
                    int answer = devices.characters.openCharacterDevice(self, file, number);
                    if (answer < 0) {
                        assertThat(answer).isIn(-ENODEV, -ENXIO);
                        return;
                    }
                    opened.add("release " + file.path());
                    assertThat(Program.read(self, file)).isIn(1L, (long) -ENODEV);
                    file.put(self);
                }
            });
        }
        lab.start("rmmod", self -> {
            self.sleep(400);
            if (pull) {
                lab.machine().bus().detach(device.name());
            }
            binding[0].release(self);
            left[0] = true;
        });
        lab.finish();
        assertThat(left[0]).isTrue();
        assertThat(module.references()).isZero();
        assertThat(devices.registry.bindings()).isEmpty();
        List<String> released =
                devices.log.stream().filter(line -> line.startsWith("release")).toList();
        assertThat(released).as("each open is released exactly once").containsExactlyInAnyOrderElementsOf(opened);
    }
}
