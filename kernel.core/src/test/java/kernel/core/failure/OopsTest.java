// SPDX-License-Identifier: Apache-2.0
package kernel.core.failure;

import static kernel.uapi.OpenFlags.O_RDWR;
import static kernel.uapi.Signal.SIGKILL;
import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.ArrayList;
import java.util.List;
import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.interrupt.InterruptResult;
import kernel.api.lock.Mutex;
import kernel.api.lock.SpinLock;
import kernel.core.KernelConfig;
import kernel.core.fixture.Booted;
import kernel.core.fixture.Script;
import kernel.core.process.SpawnedProcess;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said, who dies and what goes on when kernel code throws? */
final class OopsTest {
    private static final long MILLISECOND = 1_000_000;

    private final Booted booted = Booted.withSeed(9);

    @AfterEach
    void close() {
        booted.close();
    }

    /** A driver that does what the test says at each read. */
    private static final class Driver implements FileOperations {
        private final Trouble trouble;
        private int released;

        Driver(Trouble trouble) {
            this.trouble = trouble;
        }

        @Override
        public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
            return trouble.happen(context);
        }

        @Override
        public void release(ProcessContext context, OpenFile file) {
            released++;
        }
    }

    @FunctionalInterface
    private interface Trouble {
        long happen(ProcessContext context);
    }

    private int statusOfReading(Driver driver) {
        return booted.file("/dev/bad", driver)
                .status(user -> (int) user.read(user.open("/dev/bad", O_RDWR), user.allocate(8), 8));
    }

    private static long dereference(Object nothing) {
        return nothing.hashCode();
    }

    @Test
    void aNullPointerInADriverIsAnOopsInLinuxsShape() {
        booted.kernel().failures().setModules(new OneModule(new ArrayList<>()));
        assertThat(statusOfReading(new Driver(context -> dereference(null)))).isEqualTo(SIGKILL);
        List<String> lines = booted.logLines();
        int first = lines.indexOf("BUG: kernel NULL pointer dereference, address: 0000000000000000");
        assertThat(first).isPositive();
        assertThat(lines.get(first + 1)).isEqualTo("Oops: 0000 [#1] SMP");
        assertThat(lines.get(first + 2)).matches("CPU: \\d PID: 1 Comm: test Not tainted 6\\.12\\.0-ubend #1");
        assertThat(lines.get(first + 3)).isEqualTo("Hardware name: U-Bend simulated machine");
        assertThat(lines.get(first + 4)).matches("RIP: 0010:OopsTest\\.dereference\\+\\d+ \\[bad]");
        assertThat(lines.get(first + 5)).startsWith("Exception: java.lang.NullPointerException: ");
        assertThat(lines.get(first + 6)).isEqualTo("Call Trace:");
        assertThat(lines.get(first + 7)).isEqualTo(" <TASK>");
        assertThat(lines.subList(first, lines.size()))
                .anyMatch(line -> line.matches(" FileCalls\\.read\\+\\d+"))
                .noneMatch(line -> line.contains("ProgramProcessor.trap"))
                .contains(
                        " </TASK>",
                        "Modules linked in: bad(O)",
                        "contract broken: the kernel's above; bad answers with an errno, never with an exception");
        assertThat(lines.getLast()).isEqualTo("---[ end trace 0000000000000000 ]---");
    }

    @Test
    void theProcessDiesItsDescriptorsCloseAndTheRestGoesOn() {
        Driver driver = new Driver(context -> dereference(null));
        booted.file("/dev/bad", driver).file("/text", new Script("text")).run(user -> {
            long child = user.fork(own -> (int) own.read(own.open("/dev/bad", O_RDWR), own.allocate(8), 8));
            assertThat(user.waitFor(child)).isEqualTo(SIGKILL);
            assertThat(user.read(user.open("/text", O_RDWR), user.allocate(8), 8))
                    .isEqualTo(4);
        });
        assertThat(driver.released).isEqualTo(1);
        assertThat(booted.kernel().taint().has(Taint.Flag.DIE)).isTrue();
        assertThat(booted.kernel().isHalted()).isFalse();
    }

    @Test
    void locksOfTheDeadAreReleased() {
        SpinLock spin = booted.kernel().execution().newSpinLock("spin");
        Mutex mutex = booted.kernel().mutex("mutex");
        Driver driver = new Driver(context -> {
            mutex.lock(context);
            spin.lock(context);
            return dereference(null);
        });
        booted.file("/dev/bad", driver)
                .file("/dev/good", new Driver(context -> {
                    mutex.lock(context);
                    spin.lock(context);
                    spin.unlock(context);
                    mutex.unlock(context);
                    return 1;
                }))
                .run(user -> {
                    long child = user.fork(own -> (int) own.read(own.open("/dev/bad", O_RDWR), own.allocate(8), 8));
                    assertThat(user.waitFor(child)).isEqualTo(SIGKILL);
                    assertThat(user.read(user.open("/dev/good", O_RDWR), user.allocate(8), 8))
                            .isEqualTo(1);
                });
    }

    @Test
    void anOopsInReleaseDoesNotKeepTheOtherDescriptorsOpen() {
        Driver good = new Driver(context -> 1);
        booted.file("/dev/bad", new FileOperations() {
                    @Override
                    public void release(ProcessContext context, OpenFile file) {
                        throw new IllegalStateException("farewell");
                    }
                })
                .file("/dev/good", good)
                .status(user -> {
                    user.open("/dev/bad", O_RDWR);
                    return (int) user.open("/dev/good", O_RDWR);
                });
        assertThat(good.released).isEqualTo(1);
        assertThat(booted.logLines()).contains("Exception: java.lang.IllegalStateException: farewell");
    }

    @Test
    void otherExceptionsAreBugs() {
        statusOfReading(new Driver(context -> {
            throw new IllegalStateException("so it goes");
        }));
        assertThat(booted.logLines())
                .anyMatch(line -> line.matches("kernel BUG at OopsTest\\.java:\\d+!"))
                .contains(
                        "Oops: invalid opcode: 0000 [#1] SMP",
                        "Exception: java.lang.IllegalStateException: so it goes");
    }

    @Test
    void oopsesAreCountedAndTheModuleIsMarked() {
        List<String> faulted = new ArrayList<>();
        booted.kernel().failures().setModules(new OneModule(faulted));
        statusOfReading(new Driver(context -> dereference(null)));
        statusOfReading(new Driver(context -> dereference(null)));
        assertThat(booted.logLines()).contains("Oops: 0000 [#2] SMP");
        assertThat(booted.logLines()).anyMatch(line -> line.contains("Tainted: G      D 6.12.0-ubend #1"));
        assertThat(faulted).containsExactly("bad", "bad");
        assertThat(booted.kernel().procTable().text("sys/kernel/tainted")).isEqualTo("128\n");
    }

    /** All tests are the code of one module. */
    private record OneModule(List<String> marked) implements FaultListener {
        @Override
        public String moduleOf(StackTraceElement frame) {
            return frame.getClassName().startsWith(OopsTest.class.getName()) ? "bad" : null;
        }

        @Override
        public List<String> modulesLinkedIn() {
            return List.of("bad(O)");
        }

        @Override
        public void faulted(String module) {
            marked.add(module);
        }
    }

    @Test
    void aDriverThatSleepsUnderASpinLockIsToldWhyNot() {
        SpinLock spin = booted.kernel().execution().newSpinLock("spin");
        assertThat(statusOfReading(new Driver(context -> {
                    spin.lock(context);
                    context.sleep(MILLISECOND);
                    return 0;
                })))
                .isEqualTo(SIGKILL);
        assertThat(booted.logLines())
                .anyMatch(
                        line -> line.startsWith("BUG: sleeping function called from invalid context at OopsTest.java:"))
                .anyMatch(line -> line.startsWith("reason: a spin lock is held"))
                .anyMatch(line -> line.matches("CPU: \\d PID: 1 Comm: test Not tainted .*"));
        assertThat(booted.kernel().taint().text()).isEqualTo("Tainted: G      D W");
    }

    @Test
    void aDriverThatReturnsWithASpinLockHeldIsReportedAndTheProcessGoesOn() {
        SpinLock spin = booted.kernel().execution().newSpinLock("spin");
        assertThat(statusOfReading(new Driver(context -> {
                    spin.lock(context);
                    return 7;
                })))
                .isEqualTo(7 << 8);
        assertThat(booted.logLines())
                .contains(
                        "WARNING: lock held when returning to user space!",
                        "test/1 is leaving the kernel with locks still held!",
                        "preempt_count: 1, irqs_disabled(): 0",
                        " spin lock spin");
        assertThat(statusOfReading(new Driver(context -> {
                    spin.lock(context);
                    spin.unlock(context);
                    return 3;
                })))
                .isEqualTo(3 << 8);
    }

    @Test
    void soIsOneThatReturnsWithAMutexHeld() {
        Mutex mutex = booted.kernel().mutex("mutex");
        Driver driver = new Driver(context -> {
            mutex.lock(context);
            return 7;
        });
        assertThat(statusOfReading(driver)).isEqualTo(7 << 8);
        assertThat(statusOfReading(driver)).isEqualTo(7 << 8);
        assertThat(booted.logLines()).contains("WARNING: lock held when returning to user space!", " mutex mutex");
    }

    // ---- panic

    @Test
    void withPanicOnOopsAnOopsIsTheEnd() {
        try (Booted strict = new Booted(KernelConfig.deterministic(1).withPanicOnOops(true))) {
            List<String> reasons = new ArrayList<>();
            strict.kernel().onHalt(reasons::add);
            SpawnedProcess process = strict.file("/dev/bad", new Driver(context -> dereference(null)))
                    .start(user -> (int) user.read(user.open("/dev/bad", O_RDWR), user.allocate(8), 8));
            strict.kernel().runUntilIdle();
            assertThat(process.isAlive()).isTrue();
            assertThat(strict.kernel().isHalted()).isTrue();
            assertThat(strict.kernel().panicMessage()).isEqualTo("Fatal exception");
            assertThat(strict.logLines())
                    .contains("Kernel panic - not syncing: Fatal exception")
                    .endsWith("---[ end Kernel panic - not syncing: Fatal exception ]---");
            assertThat(reasons).containsExactly("Kernel panic - not syncing: Fatal exception");
        }
    }

    private InterruptLine badLine() {
        InterruptLine line = booted.kernel().machine().interrupts().allocate("bad", Trigger.EDGE, 16);
        booted.kernel().execution().interrupts().request(line, "bad", context -> {
            dereference(null);
            return InterruptResult.HANDLED;
        });
        return line;
    }

    @Test
    void aHandlerThatThrowsIsAPanicAndTheLogStaysReadable() {
        InterruptLine line = badLine();
        booted.kernel().machine().timeline().event("bad", line::raise).scheduleAt(5 * MILLISECOND);
        booted.start(user -> (int) user.sleep(1000 * MILLISECOND));
        booted.kernel().runUntilIdle();
        assertThat(booted.kernel().panicMessage()).isEqualTo("Fatal exception in interrupt");
        assertThat(booted.logLines())
                .contains(
                        "BUG: kernel NULL pointer dereference, address: 0000000000000000",
                        " <IRQ>",
                        "Kernel panic - not syncing: Fatal exception in interrupt")
                .endsWith("---[ end Kernel panic - not syncing: Fatal exception in interrupt ]---");
        assertThat(booted.kernel().nowNanos()).isBetween(5 * MILLISECOND, 6 * MILLISECOND);
    }

    @Test
    void aPanicEndsALiveKernelToo() {
        try (Booted live = Booted.live()) {
            InterruptLine line = live.kernel().machine().interrupts().allocate("bad", Trigger.EDGE, 16);
            live.kernel().execution().interrupts().request(line, "bad", context -> {
                dereference(null);
                return InterruptResult.HANDLED;
            });
            SpawnedProcess process = live.start(user -> {
                while (user.pid() > 0) {
                    user.call(SystemCallNumber.SCHED_YIELD);
                }
                return 0;
            });
            live.kernel().machine().timeline().post("bad", line::raise);
            while (!live.kernel().isHalted()) {
                Thread.onSpinWait();
            }
            assertThat(live.kernel().panicMessage()).isEqualTo("Fatal exception in interrupt");
            assertThat(process.isAlive()).isTrue();
        }
    }

    @Test
    void rebootEndsTheKernelInLinuxsWords() {
        booted.start(user -> (int) user.call(SystemCallNumber.REBOOT, 0xfee1deadL, 672274793, 0x01234567, 0));
        booted.kernel().runUntilIdle();
        assertThat(booted.kernel().isHalted()).isTrue();
        assertThat(booted.kernel().panicMessage()).isNull();
        assertThat(booted.logLines()).endsWith("reboot: Restarting system");
    }

    @Test
    void rebootNeedsItsMagicNumbers() {
        booted.run(user -> {
            assertThat(user.call(SystemCallNumber.REBOOT, 1, 2, 0x01234567, 0)).isEqualTo(-kernel.uapi.Errno.EINVAL);
            assertThat(user.call(SystemCallNumber.REBOOT, 0xfee1deadL, 672274793, 5, 0))
                    .isEqualTo(-kernel.uapi.Errno.EINVAL);
            assertThat(user.call(SystemCallNumber.REBOOT, 0xfee1deadL, 672274793, 0, 0))
                    .isZero();
        });
    }

    @Test
    void aDeviceModelThatThrowsIsBrokenHardware() {
        booted.kernel().machine().timeline().post("broken", () -> dereference(null));
        booted.run(user -> user.sleep(MILLISECOND));
        assertThat(booted.logLines()).anyMatch(line -> line.startsWith("mce: [Hardware Error]: "));
        assertThat(booted.kernel().taint().has(Taint.Flag.MACHINE_CHECK)).isTrue();
    }
}
