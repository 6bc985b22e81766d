// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static drivers.ssd.Disks.bindWith;
import static drivers.ssd.Disks.holds;
import static drivers.ssd.Disks.impatient;
import static drivers.ssd.Disks.openDirect;
import static drivers.ssd.Disks.pages;
import static drivers.ssd.Disks.write;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODATA;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.EROFS;
import static kernel.uapi.Errno.ETIMEDOUT;
import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.ssd.registers.AdminOpcode;
import hardware.ssd.registers.CompletionEntry;
import hardware.ssd.registers.NvmOpcode;
import hardware.ssd.registers.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.uapi.OpenFlags;
import testkit.KernelTest;
import testkit.TestKernel;
import testkit.TestProcess;
import userland.libc.Libc;

/** The driver and a controller that fails, hangs, dies or lies. */
final class SsdErrorsTest {
    private static final int PAGE = 4096;
    private static final int DNR = CompletionEntry.STATUS_DNR >>> CompletionEntry.STATUS_SHIFT;

    /** The first so many transfers are dealt with otherwise. */
    private static FakeController.Mischief first(int count, FakeController.Mischief mischief) {
        AtomicInteger left = new AtomicInteger(count);
        return (controller, command) -> Disks.isTransfer(command)
                && command.word10() >= 8
                && left.getAndDecrement() > 0
                && mischief.handled(controller, command);
    }

    private static FakeController.Mischief answering(int status) {
        return (controller, command) -> {
            controller.complete(command, status, 0);
            return true;
        };
    }

    private static FakeController bind(TestKernel kernel, FakeController.Mischief mischief) {
        FakeController controller = FakeController.ordinary().with(mischief);
        bindWith(kernel, controller, impatient());
        return controller;
    }

    /** Writes the second page and reads it again; 0 or the errno of the write. */
    private static int writeAndRead(Libc libc) {
        int fd = openDirect(libc);
        long memory = pages(libc, PAGE);
        long count = write(libc, fd, memory, 5, PAGE, PAGE);
        if (count < 0) {
            return (int) -count;
        }
        return count == PAGE && holds(libc, fd, memory, 5, PAGE, PAGE) ? 0 : 255;
    }

    @KernelTest
    void aLostInterruptIsFoundByTheTimeout(TestKernel kernel) {
        bind(kernel, first(1, (controller, command) -> {
            int status = controller.executeIo(command);
            controller.post(command.queue(), command.queue(), command.id(), status << 1, 0);
            return true;
        }));
        assertThat(kernel.run("io", SsdErrorsTest::writeAndRead)).isZero();
        assertThat(kernel.log())
                .containsPattern("I/O tag \\d+ \\(\\p{XDigit}{4}\\) QID \\d timeout, completion polled");
        assertThat(kernel.log()).doesNotContain("reset");
    }

    @KernelTest
    void aStuckCommandIsAbortedThenTheControllerIsResetAndTheRequestSentAgain(TestKernel kernel) {
        FakeController controller = bind(kernel, first(1, (given, command) -> true));
        assertThat(kernel.run("io", SsdErrorsTest::writeAndRead)).isZero();
        assertThat(kernel.log())
                .containsSubsequence("timeout, aborting", "abort status: not aborted", "timeout, reset controller");
        assertThat(controller.story()).containsSubsequence("enabled", "abort", "disabled", "enabled");
    }

    @KernelTest
    void anAbortThatHelpsNeedsNoReset(TestKernel kernel) {
        FakeController.Command[] stuck = new FakeController.Command[1];
        FakeController.Mischief once = first(1, (controller, command) -> {
            stuck[0] = command;
            return true;
        });
        bind(kernel, (controller, command) -> {
            if (command.queue() == 0 && command.opcode() == AdminOpcode.ABORT) {
                assertThat(command.word10()).isEqualTo((stuck[0].id() << 16) | stuck[0].queue());
                controller.complete(stuck[0], Status.ABORT_REQUESTED, 0);
                controller.complete(command, Status.SUCCESS, 0);
                return true;
            }
            return once.handled(controller, command);
        });
        assertThat(kernel.run("io", SsdErrorsTest::writeAndRead)).isZero();
        assertThat(kernel.log()).contains("abort status: Success").doesNotContain("reset controller");
    }

    @KernelTest
    void aFatalControllerIsResetAndTheRequestSentAgain(TestKernel kernel) {
        bind(kernel, first(1, (controller, command) -> {
            controller.fail();
            return true;
        }));
        assertThat(kernel.run("io", SsdErrorsTest::writeAndRead)).isZero();
        assertThat(kernel.log()).contains("controller is down (CSTS.CFS)");
    }

    @KernelTest
    void aControllerThatIsDeadIsGivenUpAndNobodyHangs(TestKernel kernel) {
        BusDevice device = bindWith(
                kernel,
                FakeController.ordinary().with(first(1, (controller, command) -> {
                    controller.die();
                    return true;
                })),
                impatient());
        List<TestProcess> processes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            processes.add(kernel.start("io" + i, SsdErrorsTest::writeAndRead));
        }
        kernel.runUntil(() -> processes.stream().noneMatch(TestProcess::isAlive));
        assertThat(processes).allMatch(process -> process.exitCode() == EIO || process.exitCode() == ENODEV);
        assertThat(processes).anyMatch(process -> process.exitCode() == EIO);
        assertThat(kernel.log()).containsSubsequence("disabling device after reset failure", "/dev/ssd0: removed");
        assertThat(kernel.run("later", libc -> (int) -libc.raw().open(Disks.NODE, OpenFlags.O_RDWR, 0)))
                .isEqualTo(ENOENT);
        assertThat(kernel.unbind(device)).isTrue();
    }

    @KernelTest
    void aRequestThatKillsTheControllerEachTimeFailsInTheEnd(TestKernel kernel) {
        bind(kernel, (controller, command) -> {
            boolean deadly = Disks.isTransfer(command) && command.word10() == 8;
            if (deadly) {
                controller.fail();
            }
            return deadly;
        });
        assertThat(kernel.run("io", SsdErrorsTest::writeAndRead)).isEqualTo(EIO);
        assertThat(kernel.run("other", libc -> SsdDriverTest.writeAndCheck(libc, 3, 1)))
                .isZero();
    }

    @KernelTest
    void anErrorThatMayPassIsRetried(TestKernel kernel) {
        AtomicInteger tries = new AtomicInteger();
        bind(kernel, first(3, (controller, command) -> {
            tries.incrementAndGet();
            controller.complete(command, Status.WRITE_FAULT, 0);
            return true;
        }));
        assertThat(kernel.run("io", SsdErrorsTest::writeAndRead)).isZero();
        assertThat(tries.get()).isEqualTo(3);
    }

    @KernelTest
    void anErrorThatDoesNotPassIsToldAfterAllRetries(TestKernel kernel) {
        AtomicInteger tries = new AtomicInteger();
        bind(kernel, first(100, (controller, command) -> {
            tries.incrementAndGet();
            controller.complete(command, Status.WRITE_FAULT, 0);
            return true;
        }));
        assertThat(kernel.run("io", SsdErrorsTest::writeAndRead)).isEqualTo(ENODATA);
        assertThat(tries.get()).isEqualTo(6);
        assertThat(kernel.log()).contains("ssd0: WRITE(0x1), sector 8, 4096 bytes: Write Fault (sct 0x2 / sc 0x80)");
    }

    @KernelTest
    void anErrorWithDoNotRetryIsNotRetried(TestKernel kernel) {
        bind(kernel, first(1, answering(Status.NAMESPACE_WRITE_PROTECTED | DNR)));
        assertThat(kernel.run("io", SsdErrorsTest::writeAndRead)).isEqualTo(EROFS);
        assertThat(kernel.run("again", SsdErrorsTest::writeAndRead)).isZero();
    }

    @KernelTest
    void completionsOfNobodyAreToldAndIgnored(TestKernel kernel) {
        bind(kernel, first(4, (controller, command) -> {
            controller.post(command.queue(), command.queue(), 0xfff, 0, 0);
            controller.post(command.queue(), command.queue(), command.id() ^ 0x8000, 0, 0);
            controller.post(command.queue(), 7, command.id(), 0, 0);
            controller.execute(command);
            controller.post(command.queue(), command.queue(), command.id(), Status.INTERNAL_ERROR << 1, 0);
            controller.raise(command.queue());
            return true;
        }));
        assertThat(kernel.run("io", SsdErrorsTest::writeAndRead)).isZero();
        assertThat(kernel.log()).contains("invalid id 0xfff completed on queue", "completed on queue 7");
    }

    @KernelTest
    void interruptsWithoutAReasonDoNoHarm(TestKernel kernel) {
        FakeController controller = bind(kernel, (given, command) -> {
            for (int vector = 0; vector <= 2; vector++) {
                given.interrupt(vector);
            }
            return false;
        });
        assertThat(kernel.run("io", SsdErrorsTest::writeAndRead)).isZero();
        controller.interrupt(1);
        kernel.run();
        assertThat(kernel.proc("interrupts")).contains("ssd0q1");
    }

    @KernelTest
    void aDeviceThatReachesBesideItsMemoryIsRefusedAndReported(TestKernel kernel) {
        bind(kernel, first(100, (controller, command) -> {
            FakeController.Command wild = new FakeController.Command(
                    command.queue(),
                    command.id(),
                    command.opcode(),
                    1,
                    0x7777_0000L,
                    0,
                    command.words10(),
                    command.words12());
            controller.complete(command, controller.executeIo(wild), 0);
            return true;
        }));
        assertThat(kernel.run("io", SsdErrorsTest::writeAndRead)).isEqualTo(EIO);
        assertThat(kernel.run("other", libc -> SsdDriverTest.writeAndCheck(libc, 0, 1)))
                .isZero();
    }

    @KernelTest
    void anAdminCommandThatHangsEndsInAReset(TestKernel kernel) {
        AtomicInteger left = new AtomicInteger(1);
        FakeController controller = FakeController.ordinary();
        bindWith(kernel, controller, impatient());
        controller.setMischief((given, command) ->
                command.queue() == 0 && command.opcode() == AdminOpcode.IDENTIFY && left.getAndDecrement() > 0);
        assertThat(kernel.run("nvme", libc -> {
                    int fd = libc.open(Disks.NODE, OpenFlags.O_RDWR);
                    long page = pages(libc, 2 * PAGE);
                    long result = SsdDriverTest.command(libc, fd, page, AdminOpcode.IDENTIFY, 0, page + PAGE, PAGE, 1);
                    return (int) -result;
                }))
                .isEqualTo(ETIMEDOUT);
        assertThat(kernel.run("io", SsdErrorsTest::writeAndRead)).isZero();
        assertThat(controller.story()).containsSubsequence("enabled", "disabled", "enabled");
    }

    @KernelTest
    void removalWaitsForARequestUnderWayAndGivesUpAfterItsTimeout(TestKernel kernel) {
        FakeController controller = FakeController.ordinary()
                .with((given, command) -> Disks.isTransfer(command) && command.opcode() == NvmOpcode.WRITE);
        BusDevice device = bindWith(kernel, controller, impatient());
        TestProcess writer = kernel.start("writer", SsdErrorsTest::writeAndRead);
        kernel.runFor(1_000_000);
        kernel.kernel().call("rmmod -f", context -> {
            kernel.kernel().devices().binding(device.name()).release((kernel.core.execution.Task) context);
            return null;
        });
        kernel.runUntil(() -> !writer.isAlive());
        assertThat(writer.exitCode()).isEqualTo(ENODEV);
        assertThat(controller.story()).endsWith("disabled");
    }
}
