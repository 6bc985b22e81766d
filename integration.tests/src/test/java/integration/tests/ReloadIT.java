// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static integration.tests.machine.TestMachine.initModule;
import static integration.tests.machine.TestMachine.readOnce;
import static kernel.uapi.OpenFlags.O_NONBLOCK;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.framework.InFramework;
import integration.tests.framework.LoaderWatch;
import integration.tests.framework.TestFramework;
import integration.tests.machine.Inventory;
import integration.tests.machine.TestMachine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import userland.libc.Libc;

/** A module that is loaded and unloaded a thousand times is as gone as one that never was. */
@InFramework(
        bundles = {"hardware.machine", "kernel.api", "kernel.core", "kernel.vfs", "hardware.tempsensor", "userland"},
        properties = "ubend.parameters=devices=")
class ReloadIT {
    private static final String DRIVER = "drivers.tempsensor";
    /** A process for each batch. */
    private static final int BATCHES = Effort.of(20, 2_000);

    private static final int CYCLES = 50;
    /** Cycles from one read to the next. */
    private static final int READ_EVERY = 10;

    @Test
    void aThousandReloadsLeaveNothingBehind(TestFramework framework) throws InterruptedException {
        TestMachine machine = TestMachine.reboot(framework);
        machine.plugSensor("conversion_us=100");
        Path jar = framework.jar(DRIVER);
        List<LoaderWatch> watches = new ArrayList<>();
        // What the kernel, the framework and the JDK make once is made now.
        reload(machine, jar);
        Inventory before = machine.inventory();
        for (int batch = 0; batch < BATCHES; batch++) {
            machine.run("watch", libc -> {
                initModule(libc, jar);
                watches.add(framework.watch(framework.bundle(DRIVER).orElseThrow()));
                return -(int) libc.raw().deleteModule("tempsensor", O_NONBLOCK);
            });
            reload(machine, jar);
        }
        assertThat(machine.inventory()).usingRecursiveComparison().isEqualTo(before);
        assertThat(machine.kernel().taint().mask()).isZero();
        for (LoaderWatch watch : watches) {
            watch.awaitCollected();
        }
    }

    private static void reload(TestMachine machine, Path jar) {
        String trouble = machine.call("reload", libc -> reload(libc, jar));
        assertThat(trouble).isEmpty();
    }

    /** What went wrong, or nothing. */
    private static String reload(Libc libc, Path jar) {
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            int error = initModule(libc, jar);
            if (error != 0) {
                return "insmod in cycle " + cycle + ": " + error;
            }
            if (cycle % READ_EVERY == 0) {
                int fd = libc.open("/dev/tempsensor", O_RDONLY);
                String text = readOnce(libc, fd);
                libc.close(fd);
                if (!text.matches("2\\d\\.\\d{3}\n")) {
                    return "read in cycle " + cycle + ": " + text;
                }
            }
            error = (int) -libc.raw().deleteModule("tempsensor", O_NONBLOCK);
            if (error != 0) {
                return "rmmod in cycle " + cycle + ": " + error;
            }
        }
        return "";
    }
}
