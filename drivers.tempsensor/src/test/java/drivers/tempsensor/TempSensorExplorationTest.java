// SPDX-License-Identifier: Apache-2.0
package drivers.tempsensor;

import static drivers.tempsensor.Sensors.bind;
import static drivers.tempsensor.Sensors.line;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.tempsensor.TemperatureSensorModel;
import hardware.tempsensor.TemperatureSensorParameters;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import testkit.Exploration;
import testkit.TestKernel;
import testkit.TestProcess;
import userland.libc.Libc;
import userland.libc.SystemCallException;

/** The driver under many schedules: interrupts early, late and in between. */
final class TempSensorExplorationTest {
    private static final String SENSOR = "/dev/tempsensor";

    /** Drift so large that four measurements in a row are all different. */
    private static BusDevice telling(TestKernel kernel) {
        return kernel.plug(new TemperatureSensorModel(new TemperatureSensorParameters(0, 1_000, 100)));
    }

    @Test
    void twoReadersNeverShareAMeasurement() {
        Set<List<String>> outcomes = new HashSet<>();
        Exploration.of(2_000).run(kernel -> {
            bind(kernel, telling(kernel));
            List<String> seen = new ArrayList<>();
            TestProcess first = kernel.start("first", libc -> readTwice(libc, seen));
            TestProcess second = kernel.start("second", libc -> readTwice(libc, seen));
            kernel.runUntil(() -> !first.isAlive() && !second.isAlive());
            assertThat(first.exitCode() + second.exitCode()).isZero();
            assertThat(seen.stream().sorted().toList()).containsExactly("0.000\n", "1.000\n", "1.000\n", "2.000\n");
            outcomes.add(List.copyOf(seen));
        });
        assertThat(outcomes).as("the schedules made a difference").hasSizeGreaterThan(1);
    }

    private static int readTwice(Libc libc, List<String> seen) {
        int fd = libc.open(SENSOR, O_RDONLY);
        seen.add(line(libc, fd, 64));
        seen.add(line(libc, fd, 64));
        return 0;
    }

    @Test
    void unpluggingAtAnyMomentEndsReadsWithEnodevAndNothingElse() {
        Exploration.of(1_000).run(kernel -> {
            BusDevice device = telling(kernel);
            bind(kernel, device);
            List<TestProcess> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                readers.add(kernel.start("reader" + i, libc -> readUntilGone(libc)));
            }
            kernel.runFor(150_000 + kernel.kernel().config().seed() * 1_000);
            kernel.unplug(device);
            kernel.runUntil(() -> readers.stream().noneMatch(TestProcess::isAlive));
            assertThat(readers).allMatch(reader -> reader.exitCode() == ENODEV);
            assertThat(kernel.module("tempsensor").references()).isZero();
        });
    }

    private static int readUntilGone(Libc libc) {
        int fd = (int) libc.raw().open(SENSOR, O_RDONLY, 0);
        if (fd < 0) {
            return ENODEV;
        }
        try {
            while (true) {
                // All ones, which is what a sensor that has gone reads as, would be a temperature, too: -0.001.
                assertThat(line(libc, fd, 64)).endsWith(".000\n");
            }
        } catch (SystemCallException e) {
            return e.errno();
        }
    }
}
