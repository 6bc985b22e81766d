// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static drivers.ssd.Disks.bindWith;
import static drivers.ssd.Disks.impatient;
import static drivers.ssd.Disks.pages;
import static drivers.ssd.Disks.write;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODATA;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENXIO;
import static kernel.uapi.OpenFlags.O_DIRECT;
import static kernel.uapi.OpenFlags.O_RDWR;
import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.ssd.registers.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import testkit.Exploration;
import testkit.TestKernel;
import testkit.TestProcess;
import userland.libc.Libc;

/** The driver under many schedules: completions early, late, never or twice, and the device gone at any moment. */
final class SsdExplorationTest {
    private static final int PAGE = 4096;
    private static final int WRITERS = 3;
    private static final Set<Integer> HONEST = Set.of(EIO, ENODATA, ENODEV, ENXIO, kernel.uapi.Errno.ENOENT);

    private static List<TestProcess> startWriters(TestKernel kernel) {
        List<TestProcess> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int seed = i;
            writers.add(kernel.start("writer" + i, libc -> writeAndRead(libc, seed)));
        }
        return writers;
    }

    /** In a page of its own: 0, an errno, or 255 when what was written and acknowledged is not read back. */
    private static int writeAndRead(Libc libc, int seed) {
        int fd = (int) libc.raw().open(Disks.NODE, O_RDWR | O_DIRECT, 0);
        if (fd < 0) {
            return -fd;
        }
        long memory = pages(libc, PAGE);
        long position = (seed + 1L) * PAGE;
        for (int round = 0; round < 2; round++) {
            long count = write(libc, fd, memory, seed + round * 10, PAGE, position);
            if (count < 0) {
                return (int) -count;
            }
            byte[] read = new byte[PAGE];
            long got = libc.raw().call(kernel.uapi.SystemCallNumber.PREAD64, fd, memory, PAGE, position, 0, 0);
            if (got < 0) {
                return (int) -got;
            }
            libc.processor().load(memory, read, 0, PAGE);
            if (!java.util.Arrays.equals(read, Disks.pattern(seed + round * 10, PAGE))) {
                return 255;
            }
        }
        return 0;
    }

    private static void join(TestKernel kernel, List<TestProcess> processes) {
        kernel.runUntil(() -> processes.stream().noneMatch(TestProcess::isAlive));
    }

    @Test
    void everybodyGetsHisOwnDataUnderEverySchedule() {
        Exploration.of(300).run(kernel -> {
            bindWith(kernel, new FakeController(200, 2, 256), impatient());
            List<TestProcess> writers = startWriters(kernel);
            join(kernel, writers);
            assertThat(writers).allMatch(writer -> writer.exitCode() == 0);
        });
    }

    @Test
    void aControllerThatDoesAnythingAtAllCorruptsNobodyAndHangsNobody() {
        Exploration.of(300).run(kernel -> {
            SplittableRandom random =
                    new SplittableRandom(kernel.kernel().config().seed());
            FakeController controller = new FakeController(200, 2, 256);
            bindWith(kernel, controller, impatient());
            controller.setMischief((given, command) -> Disks.isTransfer(command) && mischief(given, command, random));
            List<TestProcess> writers = startWriters(kernel);
            join(kernel, writers);
            assertThat(writers).allMatch(writer -> writer.exitCode() == 0 || HONEST.contains(writer.exitCode()));
        });
    }

    private static boolean mischief(
            FakeController controller, FakeController.Command command, SplittableRandom random) {
        int queue = command.queue();
        switch (random.nextInt(12)) {
            case 0 -> controller.complete(command, Status.WRITE_FAULT, 0);
            case 1 -> controller.complete(command, Status.INTERNAL_ERROR, 0);
            case 2 -> controller.post(queue, queue, command.id(), controller.executeIo(command) << 1, 0);
            case 3 -> controller.fail();
            case 4 -> {
                // Never comes back.
            }
            case 5 -> {
                controller.execute(command);
                controller.post(queue, queue, command.id(), 0, 0);
                controller.raise(queue);
            }
            case 6 -> {
                for (int i = 0; i < 8; i++) {
                    controller.post(
                            queue, random.nextInt(4) + 3, random.nextInt(1 << 16), random.nextInt(1 << 15) << 1, 0);
                }
                controller.raise(queue);
                return false;
            }
            case 7 -> {
                controller.interrupt(random.nextInt(FakeController.VECTORS));
                return false;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    @Test
    void pulledOutAtAnyMomentNobodyHangsAndNothingIsLeft() {
        Exploration.of(300).run(kernel -> {
            BusDevice device = bindWith(kernel, new FakeController(200, 2, 256), impatient());
            List<TestProcess> writers = startWriters(kernel);
            kernel.runFor(kernel.kernel().config().seed() * 97 % 8_000);
            kernel.unplug(device);
            join(kernel, writers);
            assertThat(writers).allMatch(writer -> writer.exitCode() == 0 || HONEST.contains(writer.exitCode()));
            assertThat(kernel.module("ssd").references()).isZero();
        });
    }

    @Test
    void aTimeoutAndItsCompletionAgreeWhoIsFirst() {
        Exploration.of(300).run(kernel -> {
            // Comes back just about when the timeout strikes.
            long late = 1_000_000_000L + kernel.kernel().config().seed() * 61 % 2_000 - 1_000;
            FakeController controller = new FakeController(200, 2, 256);
            bindWith(kernel, controller, impatient());
            boolean[] done = new boolean[1];
            controller.setMischief((given, command) -> {
                boolean mine = Disks.isTransfer(command) && !done[0];
                if (mine) {
                    done[0] = true;
                    kernel.kernel()
                            .machine()
                            .timeline()
                            .event("late", () -> given.execute(command))
                            .scheduleIn(late);
                }
                return mine;
            });
            List<TestProcess> writers = startWriters(kernel);
            join(kernel, writers);
            assertThat(writers).allMatch(writer -> writer.exitCode() == 0);
        });
    }

    @Test
    void removalAmidAResetLeavesNothingBehind() {
        Exploration.of(300).run(kernel -> {
            FakeController controller = new FakeController(200, 2, 256);
            BusDevice device = bindWith(kernel, controller, impatient());
            controller.setMischief((given, command) -> {
                boolean fatal = Disks.isTransfer(command);
                if (fatal) {
                    given.fail();
                }
                return fatal;
            });
            List<TestProcess> writers = startWriters(kernel);
            kernel.runFor(1_000_000_000L + kernel.kernel().config().seed() * 131 % 40_000);
            kernel.unplug(device);
            join(kernel, writers);
            assertThat(writers).allMatch(writer -> HONEST.contains(writer.exitCode()));
            assertThat(kernel.module("ssd").references()).isZero();
            assertThat(holdsNothing(kernel)).isTrue();
        });
    }

    private static boolean holdsNothing(TestKernel kernel) {
        return !kernel.log().contains("pending DMA") && !kernel.log().contains("were in flight when the driver left");
    }
}
