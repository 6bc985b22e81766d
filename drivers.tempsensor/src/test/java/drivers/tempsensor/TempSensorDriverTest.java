// SPDX-License-Identifier: Apache-2.0
package drivers.tempsensor;

import static drivers.tempsensor.Sensors.bind;
import static drivers.tempsensor.Sensors.line;
import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.OpenFlags.O_NONBLOCK;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.PollEvents.POLLIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.machine.bus.BusDevice;
import java.util.ArrayList;
import java.util.List;
import kernel.uapi.Signal;
import testkit.KernelTest;
import testkit.TestKernel;
import testkit.TestProcess;
import userland.libc.SystemCallException;

/** What a program sees of the sensor. */
final class TempSensorDriverTest {
    private static final String SENSOR = "/dev/tempsensor";
    private static final long MILLISECOND = 1_000_000;

    @KernelTest
    void readAnswersOneMeasurementAsALine(TestKernel kernel) {
        bind(kernel, Sensors.room(kernel));
        List<String> lines = new ArrayList<>();
        kernel.run("head", libc -> {
            int fd = libc.open(SENSOR, O_RDONLY);
            lines.add(line(libc, fd, 4096));
            lines.add(line(libc, fd, 4096));
            return 0;
        });
        assertThat(lines).containsExactly("21.500\n", "21.525\n");
    }

    @KernelTest
    void readSleepsForAsLongAsTheDeviceMeasures(TestKernel kernel) {
        bind(kernel, Sensors.room(kernel));
        kernel.run("head", libc -> {
            int fd = libc.open(SENSOR, O_RDONLY);
            long before = kernel.kernel().nowNanos();
            line(libc, fd, 4096);
            assertThat(kernel.kernel().nowNanos() - before).isBetween(10 * MILLISECOND, 11 * MILLISECOND);
            return 0;
        });
    }

    @KernelTest
    void aShortBufferGetsTheBeginningOfTheLine(TestKernel kernel) {
        bind(kernel, Sensors.room(kernel));
        List<String> lines = new ArrayList<>();
        kernel.run("dd", libc -> {
            int fd = libc.open(SENSOR, O_RDONLY);
            lines.add(line(libc, fd, 2));
            lines.add(line(libc, fd, 0));
            return 0;
        });
        assertThat(lines).containsExactly("21", "");
    }

    @KernelTest
    void aBadPointerIsEfaultAndTheNextReadWorks(TestKernel kernel) {
        bind(kernel, Sensors.room(kernel));
        kernel.run("bad", libc -> {
            int fd = libc.open(SENSOR, O_RDONLY);
            assertThat(libc.raw().read(fd, 0, 64)).isEqualTo(-EFAULT);
            assertThat(libc.raw().read(fd, 0xffff_8880_0000_0000L, 64)).isEqualTo(-EFAULT);
            assertThat(line(libc, fd, 64)).isEqualTo("21.525\n");
            return 0;
        });
    }

    @KernelTest
    void aNonBlockingReadStartsAMeasurementAndPollTellsWhenItIsThere(TestKernel kernel) {
        bind(kernel, Sensors.room(kernel));
        kernel.run("poller", libc -> {
            int fd = libc.open(SENSOR, O_RDONLY | O_NONBLOCK);
            assertThat(libc.raw().read(fd, libc.ioBuffer(), 64)).isEqualTo(-EAGAIN);
            assertThat(libc.poll(fd, POLLIN, 0)).isZero();
            assertThat(libc.poll(fd, POLLIN, -1) & POLLIN).isEqualTo(POLLIN);
            assertThat(line(libc, fd, 64)).isEqualTo("21.500\n");
            assertThat(libc.raw().read(fd, libc.ioBuffer(), 64)).isEqualTo(-EAGAIN);
            return 0;
        });
    }

    @KernelTest
    void aSleepingReaderGetsEnodevWhenTheSensorIsPulledOut(TestKernel kernel) {
        BusDevice device = Sensors.room(kernel);
        bind(kernel, device);
        TestProcess reader = kernel.start("reader", libc -> {
            int fd = libc.open(SENSOR, O_RDONLY);
            assertThat(libc.raw().read(fd, libc.ioBuffer(), 64)).isEqualTo(-ENODEV);
            assertThat(libc.raw().read(fd, libc.ioBuffer(), 64)).isEqualTo(-ENODEV);
            libc.close(fd);
            assertThat(libc.raw().open(SENSOR, O_RDONLY, 0)).isEqualTo(-ENOENT);
            return 0;
        });
        kernel.runFor(5 * MILLISECOND);
        kernel.unplug(device);
        kernel.runUntil(() -> !reader.isAlive());
        assertThat(reader.exitCode()).isZero();
        assertThat(kernel.module("tempsensor").references()).isZero();
    }

    @KernelTest
    void aKilledReaderGoesAtOnceAndTheModuleCanBeUnloaded(TestKernel kernel) {
        BusDevice device = Sensors.room(kernel);
        bind(kernel, device);
        TestProcess reader = kernel.start("reader", libc -> {
            int fd = libc.open(SENSOR, O_RDONLY);
            line(libc, fd, 64);
            return 0;
        });
        kernel.runFor(5 * MILLISECOND);
        assertThat(kernel.unbind(device)).as("in use").isFalse();
        kernel.run("kill", libc -> (int) libc.raw().kill(reader.pid(), Signal.SIGTERM));
        kernel.runUntil(() -> !reader.isAlive());
        assertThat(kernel.kernel().nowNanos()).isLessThan(10 * MILLISECOND);
        assertThat(kernel.unbind(device)).isTrue();
        assertThat(kernel.proc("interrupts")).doesNotContain("tempsensor");
        assertThat(kernel.proc("devices")).doesNotContain("tempsensor");
    }

    @KernelTest
    void eachSensorHasAMinorOfItsOwn(TestKernel kernel) {
        bind(kernel, Sensors.room(kernel));
        bind(kernel, Sensors.withBase(kernel, -5_250));
        kernel.run("both", libc -> {
            assertThat(line(libc, libc.open("/dev/tempsensor1", O_RDONLY), 64)).isEqualTo("-5.250\n");
            assertThat(line(libc, libc.open("/dev/tempsensor", O_RDONLY), 64)).isEqualTo("21.500\n");
            return 0;
        });
    }

    @KernelTest
    void aLostInterruptIsAnErrorAndTheDriverRecovers(TestKernel kernel) {
        LossySensor model = new LossySensor(1);
        bind(kernel, kernel.plug(model));
        kernel.run("reader", libc -> {
            int fd = libc.open(SENSOR, O_RDONLY);
            assertThat(libc.raw().read(fd, libc.ioBuffer(), 64)).isEqualTo(-EIO);
            assertThat(line(libc, fd, 64)).isEqualTo("21.525\n");
            return 0;
        });
        assertThat(kernel.log()).contains("lost interrupt");
    }

    @KernelTest
    void aDeviceWhoseProbeFailsLeavesNothingBehind(TestKernel kernel) {
        BusDevice device = Sensors.room(kernel);
        assertThatThrownBy(() -> kernel.bind(device, "tempsensor", bound -> {
                    new TempSensorDriver(bound, Sensors.defaults());
                    throw new IllegalStateException("second thoughts");
                }))
                .hasMessage("second thoughts");
        assertThat(kernel.proc("interrupts")).doesNotContain("tempsensor");
        bind(kernel, device);
        kernel.run("head", libc -> {
            assertThat(line(libc, libc.open(SENSOR, O_RDONLY), 64)).isEqualTo("21.500\n");
            return 0;
        });
    }

    @KernelTest
    void anErrorOfAProgramIsATypedExceptionWithErrnoAndPath(TestKernel kernel) {
        kernel.run("nobody", libc -> {
            assertThatThrownBy(() -> libc.open(SENSOR, O_RDONLY))
                    .isInstanceOf(SystemCallException.class)
                    .hasMessageContaining("/dev/tempsensor")
                    .hasMessageContaining("No such file or directory");
            return 0;
        });
    }
}
