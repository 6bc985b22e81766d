// SPDX-License-Identifier: Apache-2.0
package hardware.machine.time;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.Race;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Does the hardware thread fire what is due, in order, and survive what it fires? */
@Timeout(30)
final class HostTimelineTest {
    private static final long AN_HOUR = 3_600_000_000_000L;

    private final List<String> happened = Collections.synchronizedList(new ArrayList<>());
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final HostTimeline timeline =
            new HostTimeline("hardware", this::errand, (thread, e) -> failures.add(e.getMessage()));
    private Runnable onErrand = () -> {};

    private void errand() {
        happened.add("errand");
        onErrand.run();
    }

    @BeforeEach
    void start() {
        timeline.start();
    }

    @AfterEach
    void close() {
        timeline.close();
    }

    private TimelineEvent event(String name) {
        return timeline.event(name, () -> happened.add(name));
    }

    /** Waits until the hardware thread has done all that was due when this was called. */
    private void settle() throws InterruptedException {
        CountDownLatch settled = new CountDownLatch(1);
        timeline.post("settled", settled::countDown);
        settled.await();
    }

    /** Schedules while the hardware thread is held, so that all is due at once when it goes on. */
    private void whileHeld(Runnable schedule) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        timeline.post("hold", () -> {
            held.countDown();
            awaitQuietly(go);
        });
        held.await();
        schedule.run();
        go.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Thread hardwareThread() throws InterruptedException {
        AtomicReference<Thread> thread = new AtomicReference<>();
        timeline.post("who", () -> thread.set(Thread.currentThread()));
        settle();
        return thread.get();
    }

    @Test
    void whatIsDueHappensInOrder() throws InterruptedException {
        whileHeld(() -> {
            event("c").scheduleAt(3);
            event("a").scheduleAt(1);
            event("d").scheduleAt(3);
            event("b").scheduleAt(2);
        });
        settle();
        assertThat(happened).containsExactly("a", "b", "c", "d");
    }

    @Test
    void anEventWaitsForItsTime() throws InterruptedException {
        AtomicReference<Long> at = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        long due = timeline.now() + 2_000_000;
        timeline.event("later", () -> {
                    at.set(timeline.now());
                    done.countDown();
                })
                .scheduleAt(due);
        done.await();
        assertThat(at.get()).isGreaterThanOrEqualTo(due);
    }

    @Test
    void aCancelledEventDoesNotHappen() throws InterruptedException {
        whileHeld(() -> {
            TimelineEvent event = event("cancelled");
            event.scheduleAt(1);
            assertThat(event.cancel()).isTrue();
            assertThat(event.cancel()).isFalse();
            event("other").scheduleAt(2);
        });
        settle();
        assertThat(happened).containsExactly("other");
    }

    @Test
    void anEventThatIsMovedForwardWakesAParkedThread() throws InterruptedException {
        Thread hardware = hardwareThread();
        CountDownLatch done = new CountDownLatch(1);
        TimelineEvent event = timeline.event("moved", done::countDown);
        event.scheduleIn(AN_HOUR);
        awaitParked(hardware, Thread.State.TIMED_WAITING);
        event.scheduleIn(0);
        done.await();
    }

    @Test
    void aThreadWithNothingToDoWakesForWhatComes() throws InterruptedException {
        Thread hardware = hardwareThread();
        for (int round = 0; round < 100; round++) {
            awaitParked(hardware, Thread.State.WAITING);
            settle();
        }
        awaitParked(hardware, Thread.State.WAITING);
        CountDownLatch done = new CountDownLatch(1);
        onErrand = done::countDown;
        timeline.requestErrand();
        done.await();
    }

    @Test
    void aThreadThatIsJustGoingToSleepIsWokenAllTheSame() {
        // The calls are spread over the time in which the thread looks for work, parks and is parked.
        SplittableRandom random = new SplittableRandom(1);
        AtomicInteger errands = new AtomicInteger();
        AtomicInteger events = new AtomicInteger();
        onErrand = errands::incrementAndGet;
        TimelineEvent event = timeline.event("event", events::incrementAndGet);
        for (int round = 1; round <= 3_000; round++) {
            timeline.requestErrand();
            awaitCount(errands, round, random);
            event.scheduleIn(0);
            awaitCount(events, round, random);
        }
    }

    private static void awaitCount(AtomicInteger counter, int expected, SplittableRandom random) {
        while (counter.get() < expected) {
            assertThat(Thread.currentThread().isInterrupted()).as("overslept").isFalse();
            Thread.onSpinWait();
        }
        long until = System.nanoTime() + random.nextLong(10_000);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private static void awaitParked(Thread thread, Thread.State state) {
        while (thread.getState() != state) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anErrandRunsAfterTheEventThatAskedForItAndBeforeTheNext() throws InterruptedException {
        whileHeld(() -> {
            timeline.event("asking", () -> {
                        timeline.requestErrand();
                        timeline.requestErrand();
                        happened.add("asked");
                    })
                    .scheduleAt(1);
            event("next").scheduleAt(2);
        });
        settle();
        assertThat(happened).containsExactly("asked", "errand", "next");
    }

    @Test
    void anErrandMayAskForAnother() throws InterruptedException {
        AtomicInteger errands = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        onErrand = () -> {
            if (errands.incrementAndGet() < 5) {
                timeline.requestErrand();
            } else {
                done.countDown();
            }
        };
        timeline.requestErrand();
        done.await();
        settle();
        assertThat(happened).containsExactly("errand", "errand", "errand", "errand", "errand");
    }

    @Test
    void whatThrowsIsReportedAndTheTimelineGoesOn() throws InterruptedException {
        onErrand = () -> {
            throw new AssertionError("bad errand");
        };
        whileHeld(() -> {
            timeline.event("bad", () -> {
                        timeline.requestErrand();
                        throw new IllegalStateException("bad event");
                    })
                    .scheduleAt(1);
            event("good").scheduleAt(2);
        });
        settle();
        assertThat(happened).containsExactly("errand", "good");
        assertThat(failures).containsExactly("bad event", "bad errand");
    }

    @Test
    void theHardwareThreadKnowsItself() throws InterruptedException {
        AtomicReference<Boolean> inside = new AtomicReference<>();
        timeline.post("inside", () -> inside.set(timeline.isHardwareThread()));
        settle();
        assertThat(inside.get()).isTrue();
        assertThat(timeline.isHardwareThread()).isFalse();
        assertThat(hardwareThread().getName()).isEqualTo("hardware");
        assertThat(hardwareThread().isDaemon()).isTrue();
    }

    @Test
    void afterCloseNothingHappensAnyMore() throws InterruptedException {
        Thread hardware = hardwareThread();
        event("late").scheduleIn(AN_HOUR);
        awaitParked(hardware, Thread.State.TIMED_WAITING);
        timeline.close();
        hardware.join();
        event("never").scheduleIn(0);
        assertThat(happened).isEmpty();
    }

    @Test
    void timeGoesOn() {
        long before = timeline.now();
        assertThat(before).isNotNegative();
        assertThat(timeline.now()).isGreaterThanOrEqualTo(before);
    }

    @Test
    void eachSchedulingEndsInOneFiringOrOneCancelling() {
        List<Race.Runner> runners = new ArrayList<>();
        for (int runner = 0; runner < 2; runner++) {
            int seed = runner;
            runners.add(() -> {
                SplittableRandom random = new SplittableRandom(seed);
                AtomicInteger fired = new AtomicInteger();
                TimelineEvent event = timeline.event("raced", fired::incrementAndGet);
                for (int round = 1, cancelled = 0; round <= 2_000; round++) {
                    event.scheduleIn(random.nextLong(4_000));
                    for (int spin = random.nextInt(200); spin > 0; spin--) {
                        Thread.onSpinWait();
                    }
                    if (event.cancel()) {
                        cancelled++;
                    }
                    while (fired.get() + cancelled < round) {
                        Thread.onSpinWait();
                    }
                    assertThat(fired.get() + cancelled).isEqualTo(round);
                }
            });
        }
        Race.run(runners);
        assertThat(failures).isEmpty();
    }
}
