// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ERESTARTSYS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.api.lock.Mutex;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mutexes: who gets it next, who gives up, and what is said of those who misuse it. */
class MutexTest {
    private final Lab lab = Lab.deterministic(1);
    private final Mutex mutex = lab.execution().newMutex("mutex");
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void whoFindsItTakenSleepsAndTheFirstToComeIsTheFirstToGetIt() {
        lab.start("holder", self -> {
            mutex.lock(self);
            self.sleep(1_000_000);
            log.add("holder");
            mutex.unlock(self);
        });
        for (String name : List.of("first", "second", "third")) {
            lab.start(name, self -> {
                mutex.lock(self);
                log.add(name);
                self.sleep(1_000);
                mutex.unlock(self);
            });
        }
        lab.finish();
        assertThat(log).containsExactly("holder", "first", "second", "third");
    }

    /** Computes for so many sixteenths of a time slice, with a point after each. */
    private void computeSixteenths(Task self, int sixteenths) {
        for (int i = 0; i < sixteenths; i++) {
            lab.spend(Execution.SLICE_NANOS / 16);
            self.cpu().point(Point.REGISTER_ACCESS);
        }
    }

    @Test
    void oneThatLocksAgainAtOnceDoesNotKeepTheOthersOut() {
        int[] rounds = new int[1];
        int[] roundsBefore = {-1};
        lab.start("greedy", self -> {
            // Four rounds are a time slice, and each slice is over in the middle of a round.
            computeSixteenths(self, 2);
            for (; rounds[0] < 100; rounds[0]++) {
                mutex.lock(self);
                computeSixteenths(self, 4);
                mutex.unlock(self);
            }
        });
        lab.start("patient", self -> {
            mutex.lock(self);
            roundsBefore[0] = rounds[0];
            mutex.unlock(self);
        });
        lab.finish();
        assertThat(roundsBefore[0]).isBetween(0, 12);
    }

    @Test
    void tryLockTakesAFreeOneOnly() {
        lab.start("holder", self -> {
            assertThat(mutex.tryLock(self)).isTrue();
            assertThat(mutex.tryLock(self)).as("not recursive").isFalse();
            lab.start("other", other -> {
                assertThat(mutex.tryLock(other)).isFalse();
                log.add("refused");
            });
            self.sleep(1_000);
            mutex.unlock(self);
            assertThat(mutex.tryLock(self)).isTrue();
            mutex.unlock(self);
        });
        lab.finish();
        assertThat(log).containsExactly("refused");
    }

    @Test
    void aSignalEndsAnInterruptibleWaitAndNoOther() {
        lab.start("holder", self -> {
            mutex.lock(self);
            self.sleep(1_000);
            Task interruptible = lab.start("interruptible", other -> {
                assertThat(mutex.lockInterruptible(other)).isEqualTo(-ERESTARTSYS);
                log.add("signalled");
            });
            Task uninterruptible = lab.start("uninterruptible", other -> {
                mutex.lock(other);
                log.add("locked");
                mutex.unlock(other);
            });
            self.sleep(1_000);
            interruptible.setSignalPending(true);
            uninterruptible.setSignalPending(true);
            self.sleep(1_000);
            log.add("unlock");
            mutex.unlock(self);
        });
        lab.finish();
        assertThat(log).containsExactly("signalled", "unlock", "locked");
    }

    @Test
    void aFreeMutexIsTakenDespiteASignal() {
        lab.start("task", self -> {
            self.setSignalPending(true);
            assertThat(mutex.lockInterruptible(self)).isZero();
            mutex.unlock(self);
        });
        lab.finish();
    }

    @Test
    void nobodyWaitsForTheMutexOfADeviceThatHasGone() {
        AtomicBoolean gone = new AtomicBoolean();
        List<WaitQueueHead> owned = new ArrayList<>();
        Mutex ofDevice = lab.execution().newMutex("of device", gone::get, owned::add);
        lab.start("holder", self -> {
            ofDevice.lock(self);
            self.sleep(1_000);
            gone.set(true);
            owned.forEach(WaitQueueHead::wakeAllFromOutside);
            self.sleep(1_000);
            log.add("unlock");
            ofDevice.unlock(self);
        });
        lab.start("waiter", self -> {
            assertThat(ofDevice.lockInterruptible(self)).isEqualTo(-ENODEV);
            log.add("gone");
        });
        lab.finish();
        assertThat(log).containsExactly("gone", "unlock");
    }

    @Test
    void lockingItTwiceIsReported() {
        lab.start("task", self -> {
            mutex.lock(self);
            mutex.lock(self);
        });
        lab.run();
        assertThat(lab.reports())
                .contains("WARNING: possible recursive locking detected", "but task is already holding lock (mutex)");
        assertThat(lab.deadTasks()).singleElement().isInstanceOf(KernelBug.class);
    }

    @Test
    void onlyTheOwnerUnlocksIt() {
        lab.start("owner", self -> {
            mutex.lock(self);
            self.sleep(1_000);
            mutex.unlock(self);
            log.add("unlocked");
        });
        lab.start("thief", self -> mutex.unlock(self));
        lab.run();
        assertThat(lab.reports()).contains("WARNING: bad unlock balance detected!");
        assertThat(log).containsExactly("unlocked");
    }

    @Test
    void whatATaskHoldsWhenItEndsIsReportedAndGoesToTheOthers() {
        lab.start("careless", self -> {
            mutex.lock(self);
            self.sleep(1_000);
        });
        lab.start("other", self -> {
            mutex.lock(self);
            log.add("got it");
            mutex.unlock(self);
        });
        lab.run();
        assertThat(log).containsExactly("got it");
        assertThat(lab.reports().getFirst()).matches("WARNING: careless/\\d+ still has locks held!");
        assertThat(lab.reports()).contains(" mutex mutex");
    }

    @Test
    void whatATaskHeldWhenItDiedGoesToTheOthers() {
        lab.start("victim", self -> {
            mutex.lock(self);
            self.sleep(1_000);
            throw new IllegalStateException("a bug in a driver");
        });
        lab.start("other", self -> {
            mutex.lock(self);
            log.add("got it");
            mutex.unlock(self);
        });
        lab.run();
        assertThat(log).containsExactly("got it");
        assertThat(lab.reports()).isEmpty();
    }
}
