// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINTR;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.Errno.ESRCH;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.Signal.SA_RESTART;
import static kernel.uapi.Signal.SIGALRM;
import static kernel.uapi.Signal.SIGCHLD;
import static kernel.uapi.Signal.SIGHUP;
import static kernel.uapi.Signal.SIGINT;
import static kernel.uapi.Signal.SIGKILL;
import static kernel.uapi.Signal.SIGSEGV;
import static kernel.uapi.Signal.SIGSTOP;
import static kernel.uapi.Signal.SIGTERM;
import static kernel.uapi.Signal.SIGUSR1;
import static kernel.uapi.Signal.SIGUSR2;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.wait.WaitQueue;
import kernel.core.fixture.Booted;
import kernel.core.fixture.User;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When is a signal taken, what does it do to a call that sleeps, and who may send it? */
final class SignalTest {
    private static final long MILLISECOND = 1_000_000;

    private final Booted booted = Booted.withSeed(6);
    private final List<String> seen = new ArrayList<>();

    @AfterEach
    void close() {
        booted.close();
    }

    /** A file that answers when somebody has written to it. */
    private static final class Door implements FileOperations {
        private final WaitQueue queue;
        private boolean open;

        Door(Booted booted) {
            queue = booted.kernel().waitQueue("door");
        }

        @Override
        public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
            int result = queue.waitEventInterruptible(context, () -> open);
            return result < 0 ? result : 1;
        }

        @Override
        public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
            open = true;
            queue.wakeUp(context);
            return buffer.length();
        }
    }

    @Test
    void aHandlerRunsAtTheReturnFromTheTrap() {
        booted.run(user -> {
            user.handle(SIGUSR1, 0, signal -> seen.add("handler " + signal));
            assertThat(user.kill(user.pid(), SIGUSR1)).isZero();
            seen.add("after");
            assertThat(seen).containsExactly("handler 10", "after");
        });
    }

    @Test
    void aHandlerMayMakeCalls() {
        booted.run(user -> {
            user.handle(SIGUSR1, 0, signal -> seen.add("pid " + user.pid()));
            user.kill(0, SIGUSR1);
            assertThat(seen).containsExactly("pid 1");
        });
    }

    @Test
    void theSignalIsBlockedWhileItsHandlerRuns() {
        booted.run(user -> {
            user.handle(SIGUSR1, 0, signal -> {
                seen.add("enter");
                if (seen.size() == 1) {
                    user.kill(user.pid(), SIGUSR1);
                }
                seen.add("leave");
            });
            user.kill(user.pid(), SIGUSR1);
            assertThat(seen).containsExactly("enter", "leave", "enter", "leave");
        });
    }

    @Test
    void theMaskOfAnActionHoldsOtherSignalsBack() {
        booted.run(user -> {
            user.handle(SIGUSR2, 0, signal -> seen.add("two"));
            long handler = user.processor().textAddress((own, signal) -> {
                user.kill(user.pid(), SIGUSR2);
                seen.add("one");
            });
            user.action(SIGUSR1, handler, 0, Signals.bit(SIGUSR2));
            user.kill(user.pid(), SIGUSR1);
            assertThat(seen).containsExactly("one", "two");
        });
    }

    @Test
    void blockedSignalsWait() {
        booted.run(user -> {
            user.handle(SIGUSR1, 0, signal -> seen.add("handler"));
            long set = user.words(Signals.bit(SIGUSR1));
            long old = user.allocate(8);
            assertThat(user.call(SystemCallNumber.RT_SIGPROCMASK, 0, set, old, 8))
                    .isZero();
            assertThat(user.word(old)).isZero();
            user.kill(user.pid(), SIGUSR1);
            user.kill(user.pid(), SIGUSR1);
            seen.add("still");
            assertThat(user.call(SystemCallNumber.RT_SIGPROCMASK, 1, set, 0, 8)).isZero();
            assertThat(seen).containsExactly("still", "handler");
            assertThat(user.call(SystemCallNumber.RT_SIGPROCMASK, 7, set, 0, 8)).isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.RT_SIGPROCMASK, 0, 8, 0, 8)).isEqualTo(-EFAULT);
            assertThat(user.call(SystemCallNumber.RT_SIGPROCMASK, 0, set, 0, 4)).isEqualTo(-EINVAL);
        });
    }

    @Test
    void defaultActionsEndOrDoNothing() {
        assertThat(booted.status(user -> (int) user.kill(user.pid(), SIGTERM))).isEqualTo(SIGTERM);
        assertThat(booted.status(user -> (int) user.kill(user.pid(), SIGKILL))).isEqualTo(SIGKILL);
        assertThat(booted.status(user -> (int) user.kill(user.pid(), SIGCHLD))).isZero();
        assertThat(booted.status(user -> {
                    user.action(SIGTERM, 1, 0, 0);
                    return (int) user.kill(user.pid(), SIGTERM);
                }))
                .isZero();
    }

    @Test
    void someSignalsCannotBeCaughtIgnoredOrBlocked() {
        booted.run(user -> {
            assertThat(user.action(SIGKILL, 1, 0, 0)).isEqualTo(-EINVAL);
            assertThat(user.action(SIGSTOP, 1, 0, 0)).isEqualTo(-EINVAL);
            assertThat(user.action(0, 1, 0, 0)).isEqualTo(-EINVAL);
            assertThat(user.action(65, 1, 0, 0)).isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.RT_SIGACTION, SIGINT, 8, 0, 8))
                    .isEqualTo(-EFAULT);
            assertThat(user.call(SystemCallNumber.RT_SIGACTION, SIGINT, 0, 0, 4))
                    .isEqualTo(-EINVAL);
            long old = user.allocate(8);
            user.call(SystemCallNumber.RT_SIGPROCMASK, 2, user.words(-1), 0, 8);
            user.call(SystemCallNumber.RT_SIGPROCMASK, 0, 0, old, 8);
            assertThat(user.word(old)).isEqualTo(~(Signals.bit(SIGKILL) | Signals.bit(SIGSTOP)));
        });
    }

    @Test
    void aSleepIsInterruptedAndSaysWhatWasLeft() {
        booted.run(user -> {
            user.handle(SIGUSR1, SA_RESTART, signal -> seen.add("handler"));
            long parent = user.pid();
            user.fork(own -> {
                own.sleep(2 * MILLISECOND);
                return (int) own.kill(parent, SIGUSR1);
            });
            long left = user.allocate(16);
            long result = user.call(SystemCallNumber.NANOSLEEP, user.words(0, 10 * MILLISECOND), left);
            assertThat(result).isEqualTo(-EINTR);
            assertThat(user.word(left + 8)).isBetween(7 * MILLISECOND, 8 * MILLISECOND);
            assertThat(seen).containsExactly("handler");
        });
    }

    @Test
    void aReadIsInterruptedUnlessTheActionSaysRestart() {
        booted.file("/door", new Door(booted)).run(user -> {
            long fd = user.open("/door", O_RDONLY);
            long parent = user.pid();
            User.Child sender = own -> {
                own.sleep(MILLISECOND);
                own.kill(parent, SIGUSR1);
                own.sleep(MILLISECOND);
                return (int) own.write(own.open("/door", 2), "x") - 1;
            };
            user.handle(SIGUSR1, 0, signal -> seen.add("handler"));
            long first = user.fork(sender);
            assertThat(user.read(fd, user.allocate(8), 8)).isEqualTo(-EINTR);
            assertThat(user.waitFor(first)).isZero();
        });
    }

    @Test
    void aReadGoesOnAfterAHandlerThatSaysRestart() {
        booted.file("/door", new Door(booted)).run(user -> {
            long fd = user.open("/door", O_RDONLY);
            long parent = user.pid();
            user.handle(SIGUSR1, SA_RESTART, signal -> seen.add("handler"));
            user.fork(own -> {
                own.sleep(MILLISECOND);
                own.kill(parent, SIGUSR1);
                own.sleep(MILLISECOND);
                return (int) own.write(own.open("/door", 2), "x") - 1;
            });
            assertThat(user.read(fd, user.allocate(8), 8)).isEqualTo(1);
            assertThat(seen).containsExactly("handler");
        });
    }

    @Test
    void pauseReturnsAfterAHandlerOnly() {
        booted.run(user -> {
            user.handle(SIGUSR1, SA_RESTART, signal -> seen.add("handler"));
            long parent = user.pid();
            user.fork(own -> {
                own.sleep(MILLISECOND);
                own.kill(parent, SIGCHLD);
                own.sleep(MILLISECOND);
                return (int) own.kill(parent, SIGUSR1);
            });
            assertThat(user.call(SystemCallNumber.PAUSE)).isEqualTo(-EINTR);
            assertThat(seen).containsExactly("handler");
        });
    }

    @Test
    void aKillEndsASleeperAtOnce() {
        booted.file("/door", new Door(booted)).run(user -> {
            long child = user.fork(own -> (int) own.read(own.open("/door", O_RDONLY), own.allocate(8), 8));
            user.sleep(MILLISECOND);
            user.kill(child, SIGKILL);
            assertThat(user.waitFor(child)).isEqualTo(SIGKILL);
        });
    }

    @Test
    void theParentIsToldOfItsChildren() {
        booted.run(user -> {
            user.handle(SIGCHLD, SA_RESTART, signal -> seen.add("child"));
            long child = user.fork(own -> 0);
            assertThat(user.waitFor(child)).isZero();
            assertThat(seen).containsExactly("child");
        });
    }

    @Test
    void killFindsProcessesGroupsAndEverybody() {
        booted.run(user -> {
            assertThat(user.kill(999, SIGTERM)).isEqualTo(-ESRCH);
            assertThat(user.kill(999, 0)).isEqualTo(-ESRCH);
            assertThat(user.kill(-999, SIGTERM)).isEqualTo(-ESRCH);
            assertThat(user.kill(user.pid(), 0)).isZero();
            assertThat(user.kill(user.pid(), 65)).isEqualTo(-EINVAL);
            assertThat(user.kill(user.pid(), -1)).isEqualTo(-EINVAL);
            assertThat(user.kill(-1, SIGTERM)).isEqualTo(-ESRCH);
            assertThat(user.call(SystemCallNumber.TGKILL, 0, 0, SIGTERM)).isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.TGKILL, 1, 2, SIGTERM)).isEqualTo(-ESRCH);
            long first = user.fork(own -> (int) own.sleep(1000 * MILLISECOND));
            long second = user.fork(own -> {
                own.call(SystemCallNumber.SETPGID, 0, 0);
                return (int) own.sleep(1000 * MILLISECOND);
            });
            user.sleep(MILLISECOND);
            assertThat(user.kill(-second, SIGHUP)).isZero();
            assertThat(user.waitFor(second)).isEqualTo(SIGHUP);
            assertThat(user.kill(-1, SIGINT)).isZero();
            assertThat(user.waitFor(first)).isEqualTo(SIGINT);
        });
    }

    @Test
    void onlyRootSignalsOthers() {
        booted.run(user -> {
            long target = user.fork(own -> (int) own.sleep(10 * MILLISECOND));
            long child = user.fork(own -> {
                assertThat(own.call(SystemCallNumber.SETUID, 5)).isZero();
                assertThat(own.call(SystemCallNumber.GETUID)).isEqualTo(5);
                assertThat(own.call(SystemCallNumber.SETUID, 0)).isEqualTo(-EPERM);
                return own.kill(target, SIGTERM) == -EPERM ? 0 : 1;
            });
            assertThat(user.waitFor(child)).isZero();
            assertThat(user.waitFor(target)).isZero();
        });
    }

    @Test
    void anAlarmComesAfterItsTime() {
        booted.run(user -> {
            user.handle(SIGALRM, 0, signal -> seen.add("alarm"));
            assertThat(user.call(SystemCallNumber.ALARM, 5)).isZero();
            assertThat(user.call(SystemCallNumber.ALARM, 1)).isEqualTo(5);
            assertThat(user.call(SystemCallNumber.PAUSE)).isEqualTo(-EINTR);
            assertThat(seen).containsExactly("alarm");
            assertThat(user.call(SystemCallNumber.ALARM, 3)).isZero();
            assertThat(user.call(SystemCallNumber.ALARM, 0)).isEqualTo(3);
        });
        assertThat(booted.kernel().nowNanos()).isBetween(1_000_000_000L, 1_100_000_000L);
    }

    @Test
    void aSegmentationFaultCanBeHandled() {
        booted.run(user -> {
            user.handle(SIGSEGV, 0, signal -> {
                seen.add("fault");
                user.call(SystemCallNumber.MMAP, 0x5000_0000L, 4096, 3, 0x32, -1, 0);
            });
            user.processor().storeLong(0x5000_0010L, 7);
            assertThat(user.word(0x5000_0010L)).isEqualTo(7);
            assertThat(seen).containsExactly("fault");
        });
    }

    @Test
    void aBlockedSegmentationFaultEndsTheProcess() {
        assertThat(booted.status(user -> {
                    user.handle(SIGSEGV, 0, signal -> seen.add("fault"));
                    user.call(SystemCallNumber.RT_SIGPROCMASK, 0, user.words(Signals.bit(SIGSEGV)), 0, 8);
                    return user.processor().loadByte(0);
                }))
                .isEqualTo(SIGSEGV);
        assertThat(seen).isEmpty();
    }

    @Test
    void aHandlerAtABadAddressIsASegmentationFault() {
        assertThat(booted.status(user -> {
                    user.action(SIGUSR1, 0x1234, 0, 0);
                    return (int) user.kill(user.pid(), SIGUSR1);
                }))
                .isEqualTo(SIGSEGV);
    }

    @Test
    void aHandlerMayLeaveByAnExceptionAndTheMaskIsAsBefore() {
        booted.run(user -> {
            user.handle(SIGUSR1, 0, signal -> {
                throw new IllegalStateException("long jump");
            });
            for (int i = 0; i < 3; i++) {
                try {
                    user.kill(user.pid(), SIGUSR1);
                } catch (IllegalStateException e) {
                    seen.add(e.getMessage());
                }
            }
            assertThat(seen).containsExactly("long jump", "long jump", "long jump");
        });
    }

    @Test
    void resetAndNodeferAreObeyed() {
        assertThat(booted.status(user -> {
                    long handler = user.processor().textAddress((own, signal) -> {
                        seen.add("handler");
                        if (seen.size() < 3) {
                            user.kill(user.pid(), SIGUSR1);
                        }
                    });
                    user.action(SIGUSR1, handler, 0x4000_0000L, 0);
                    user.kill(user.pid(), SIGUSR1);
                    assertThat(seen).hasSize(3);
                    user.action(SIGUSR2, handler, 0x8000_0000L, 0);
                    user.kill(user.pid(), SIGUSR2);
                    return (int) user.kill(user.pid(), SIGUSR2);
                }))
                .isEqualTo(SIGUSR2);
        assertThat(seen).hasSize(4);
    }
}
