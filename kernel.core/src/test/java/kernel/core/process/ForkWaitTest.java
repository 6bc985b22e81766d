// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.ECHILD;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.Errno.ESRCH;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.Signal.SIGABRT;
import static kernel.uapi.Signal.SIGCHLD;
import static kernel.uapi.Signal.SIGFPE;
import static kernel.uapi.Signal.SIGKILL;
import static kernel.uapi.Signal.SIGSEGV;
import static kernel.uapi.Signal.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kernel.core.fixture.Booted;
import kernel.core.fixture.Script;
import kernel.core.fixture.User;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How do processes come, go and find each other? */
final class ForkWaitTest {
    private static final long MILLISECOND = 1_000_000;
    private static final int WNOHANG = 1;

    private final Booted booted =
            Booted.withSeed(4).file("/text", new Script("hello world")).program("/bin/true", (processor, sp) -> {});

    @AfterEach
    void close() {
        booted.close();
    }

    private static long wait4(User user, long pid, int options) {
        return user.call(SystemCallNumber.WAIT4, pid, 0, options, 0);
    }

    @Test
    void theFirstProcessIsNumberOneAndHasNoParent() {
        booted.run(user -> {
            assertThat(user.pid()).isEqualTo(1);
            assertThat(user.call(SystemCallNumber.GETTID)).isEqualTo(1);
            assertThat(user.call(SystemCallNumber.GETPPID)).isZero();
            assertThat(user.call(SystemCallNumber.GETPGRP)).isEqualTo(1);
        });
    }

    @Test
    void aChildHasItsParentsGroupAndItsOwnNumber() {
        booted.run(user -> {
            long parent = user.pid();
            long child = user.fork(own -> {
                assertThat(own.pid()).isNotEqualTo(parent);
                assertThat(own.call(SystemCallNumber.GETPPID)).isEqualTo(parent);
                assertThat(own.call(SystemCallNumber.GETPGRP)).isEqualTo(parent);
                return 42;
            });
            assertThat(child).isGreaterThan(parent);
            assertThat(user.waitFor(child)).isEqualTo(42 << 8);
        });
    }

    @Test
    void returningFromTheFirstFunctionIsExitZero() {
        booted.run(user ->
                assertThat(user.waitFor(user.fork((own, argument) -> {}))).isZero());
    }

    @Test
    void statusesAreEncodedAsLinuxDoes() {
        assertThat(booted.status(user -> 0x1ff)).isEqualTo(0xff00);
        assertThat(booted.status(user -> {
                    throw new IllegalStateException("nobody catches this");
                }))
                .isEqualTo(SIGABRT);
        assertThat(booted.logLines().getLast())
                .contains("test[")
                .contains("trap java.lang.IllegalStateException: nobody catches this ip:ForkWaitTest.");
        assertThat(booted.status(user -> 1 / (int) user.call(SystemCallNumber.GETUID)))
                .isEqualTo(SIGFPE);
        assertThat(booted.status(user -> {
                    String nothing = user.pid() > 0 ? null : "";
                    return nothing.length();
                }))
                .isEqualTo(SIGSEGV);
    }

    @Test
    void endlessRecursionIsASegmentationFault() {
        assertThat(booted.status(ForkWaitTest::recurse)).isEqualTo(SIGSEGV);
    }

    private static int recurse(User user) {
        return user == null ? 0 : 1 + recurse(user);
    }

    /** The kernel runs on the program's own stack, and must not be the one that overflows it. */
    @Test
    void endlessRecursionWithACallOnEachLevelIsASegmentationFaultToo() {
        assertThat(booted.status(ForkWaitTest::recurseWithCalls)).isEqualTo(SIGSEGV);
        assertThat(booted.logLines().getLast())
                .contains("java.lang.StackOverflowError")
                .contains("ip:User.call+");
        try (Booted live = Booted.live()) {
            assertThat(live.status(ForkWaitTest::recurseWithCalls)).isEqualTo(SIGSEGV);
            live.run(user -> assertThat(user.pid()).isPositive());
        }
        booted.run(user -> assertThat(user.pid()).isPositive());
        assertThat(booted.kernel().taint().mask()).isZero();
    }

    private static int recurseWithCalls(User user) {
        return user.pid() < 0 ? 0 : 1 + recurseWithCalls(user);
    }

    @Test
    void forkNeedsCodeToBeginWith() {
        booted.run(user -> assertThat(user.call(SystemCallNumber.FORK, 0, 0)).isEqualTo(-EINVAL));
    }

    @Test
    void waitWithoutChildrenIsEchild() {
        booted.run(user -> {
            assertThat(wait4(user, -1, 0)).isEqualTo(-ECHILD);
            long child = user.fork(own -> 0);
            assertThat(wait4(user, child + 1, 0)).isEqualTo(-ECHILD);
            assertThat(wait4(user, -12345, 0)).isEqualTo(-ECHILD);
            assertThat(wait4(user, -1, 0x100)).isEqualTo(-EINVAL);
            assertThat(wait4(user, child, 0)).isEqualTo(child);
            assertThat(wait4(user, child, 0)).isEqualTo(-ECHILD);
        });
    }

    @Test
    void waitMayLookWithoutSleeping() {
        booted.run(user -> {
            long child = user.fork(own -> {
                own.sleep(MILLISECOND);
                return 0;
            });
            assertThat(wait4(user, -1, WNOHANG)).isZero();
            user.sleep(2 * MILLISECOND);
            assertThat(wait4(user, -1, WNOHANG)).isEqualTo(child);
        });
    }

    @Test
    void waitChoosesByProcessAndByGroup() {
        booted.run(user -> {
            long same = user.fork(own -> 1);
            long other = user.fork(own -> {
                own.call(SystemCallNumber.SETPGID, 0, 0);
                return 2;
            });
            user.sleep(MILLISECOND);
            assertThat(wait4(user, -other, 0)).isEqualTo(other);
            assertThat(wait4(user, 0, 0)).isEqualTo(same);
            long third = user.fork(own -> 3);
            long fourth = user.fork(own -> 4);
            assertThat(wait4(user, fourth, 0)).isEqualTo(fourth);
            assertThat(wait4(user, third, 0)).isEqualTo(third);
        });
    }

    @Test
    void aBadStatusPointerIsEfault() {
        booted.run(user -> {
            user.fork(own -> 0);
            assertThat(user.call(SystemCallNumber.WAIT4, -1, 8, 0, 0)).isEqualTo(-EFAULT);
        });
    }

    @Test
    void aChildThatIgnoredChildrenDoNotBecomeZombies() {
        booted.run(user -> {
            user.action(SIGCHLD, 1, 0, 0);
            user.fork(own -> 0);
            assertThat(wait4(user, -1, 0)).isEqualTo(-ECHILD);
        });
        assertThat(booted.kernel().processes().processes()).isEmpty();
    }

    @Test
    void orphansAreAdoptedByTheFirstProcess() {
        booted.run(user -> {
            long middle = user.fork(own -> {
                own.fork(grandchild -> {
                    grandchild.sleep(5 * MILLISECOND);
                    assertThat(grandchild.call(SystemCallNumber.GETPPID)).isEqualTo(1);
                    return 9;
                });
                return 0;
            });
            assertThat(user.waitFor(middle)).isZero();
            assertThat(user.waitFor(-1)).isEqualTo(9 << 8);
            assertThat(wait4(user, -1, 0)).isEqualTo(-ECHILD);
        });
    }

    @Test
    void withoutTheFirstProcessOrphansVanishByThemselves() {
        booted.run(user -> user.fork(own -> {
            own.sleep(MILLISECOND);
            return own.call(SystemCallNumber.GETPPID) == 0 ? 0 : 1;
        }));
        booted.kernel().runUntilIdle();
        assertThat(booted.kernel().execution().tasks()).isEmpty();
    }

    @Test
    void descriptorsAreSharedWithAChildAndPositionsWithThem() {
        booted.run(user -> {
            long fd = user.open("/text", O_RDONLY);
            long buffer = user.allocate(16);
            long child = user.fork(own -> (int) own.read(fd, buffer, 6));
            assertThat(user.waitFor(child)).isEqualTo(6 << 8);
            assertThat(user.read(fd, buffer, 16)).isEqualTo(5);
            assertThat(user.waitFor(user.fork(own -> (int) own.call(SystemCallNumber.CLOSE, fd))))
                    .isZero();
            assertThat(user.call(SystemCallNumber.CLOSE, fd)).isZero();
        });
    }

    @Test
    void groupsAndSessionsFollowTheRules() {
        booted.run(user -> {
            assertThat(user.call(SystemCallNumber.SETSID)).isEqualTo(-EPERM);
            assertThat(user.call(SystemCallNumber.SETPGID, 0, 0)).isEqualTo(-EPERM);
            assertThat(user.call(SystemCallNumber.SETPGID, 999, 0)).isEqualTo(-ESRCH);
            assertThat(user.call(SystemCallNumber.SETPGID, 0, -1)).isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.GETPGID, 999)).isEqualTo(-ESRCH);
            long child = user.fork(own -> {
                own.sleep(MILLISECOND);
                return (int) own.call(SystemCallNumber.GETPGRP);
            });
            assertThat(user.call(SystemCallNumber.SETPGID, child, 999)).isEqualTo(-EPERM);
            assertThat(user.call(SystemCallNumber.SETPGID, child, child)).isZero();
            assertThat(user.call(SystemCallNumber.GETPGID, child)).isEqualTo(child);
            assertThat(user.waitFor(child)).isEqualTo(child << 8);
            long leader = user.fork(own -> {
                assertThat(own.call(SystemCallNumber.SETSID)).isEqualTo(own.pid());
                return own.call(SystemCallNumber.GETPGRP) == own.pid() ? 0 : 1;
            });
            assertThat(user.waitFor(leader)).isZero();
        });
    }

    @Test
    void aChildThatHasExecutedKeepsItsGroup() {
        booted.program("/bin/sleeper", (processor, sp) -> new User(processor).sleep(MILLISECOND))
                .run(user -> {
                    long child =
                            user.fork(own -> (int) own.call(SystemCallNumber.EXECVE, own.string("/bin/sleeper"), 0, 0));
                    user.sleep(MILLISECOND / 2);
                    assertThat(user.call(SystemCallNumber.SETPGID, child, child))
                            .isEqualTo(-EACCES);
                    assertThat(user.waitFor(child)).isZero();
                });
    }

    @Test
    void whoeverIsToldOfAnExitIsToldOnce() {
        List<Integer> told = new ArrayList<>();
        SpawnedProcess process = booted.start(user -> 7);
        process.onExit(told::add);
        assertThat(process.isAlive()).isTrue();
        booted.kernel().runUntilIdle();
        process.onExit(told::add);
        assertThat(told).containsExactly(7 << 8, 7 << 8);
        assertThat(process.exitCode()).isEqualTo(7);
        assertThat(process.waitFor()).isEqualTo(7 << 8);
    }

    @Test
    void aProgramThatCatchesItsOwnEndDiesAllTheSame() {
        SpawnedProcess process = booted.kernel()
                .spawn(
                        (processor, sp) -> {
                            while (true) {
                                try {
                                    processor.trap(SystemCallNumber.PAUSE, 0, 0, 0, 0, 0, 0);
                                } catch (Throwable e) {
                                    processor.textAddress((own, argument) -> {});
                                }
                            }
                        },
                        new String[] {"undead"},
                        new String[0]);
        booted.kernel().runUntilIdle();
        booted.run(user -> user.kill(process.pid(), SIGTERM));
        booted.kernel().runUntilIdle();
        assertThat(process.exitStatus()).isIn(SIGTERM, SIGKILL);
        booted.run(user -> assertThat(user.pid()).isPositive());
    }

    @Test
    void memoryOfAProgramThatHasEndedCannotBeReached() {
        long[] escaped = new long[1];
        booted.status(user -> {
            long address = user.words(5);
            try {
                user.exit(0);
            } finally {
                escaped[0] = 1;
                escaped[0] = user.word(address);
            }
            return 0;
        });
        assertThat(escaped[0]).isEqualTo(1);
    }

    @Test
    void aThreadOfTheProgramsOwnCannotEnterTheKernel() {
        booted.run(user -> {
            IllegalStateException[] refused = new IllegalStateException[1];
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    user.pid();
                } catch (IllegalStateException e) {
                    refused[0] = e;
                }
            });
            while (thread.isAlive()) {
                Thread.onSpinWait();
            }
            assertThat(refused[0]).hasMessageContaining("cannot enter the kernel");
        });
    }

    @Test
    void aProgramThatIsNotThereIsStatus127() {
        SpawnedProcess process = booted.kernel().spawn("/bin/nothing", new String[] {"nothing"}, new String[0]);
        booted.kernel().runUntilIdle();
        assertThat(process.exitCode()).isEqualTo(127);
        assertThat(booted.logLines()).contains("Failed to execute /bin/nothing (error -2)");
    }

    @Test
    void aProgramOfTheNameSpaceIsFoundByItsPath() {
        SpawnedProcess process = booted.kernel().spawn("/bin/true", new String[] {"true"}, new String[0]);
        booted.kernel().runUntilIdle();
        assertThat(process.exitCode()).isZero();
    }
}
