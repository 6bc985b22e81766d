// SPDX-License-Identifier: Apache-2.0
package hardware.machine.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Does virtual time stand still until it is moved, and happen in order? */
final class VirtualTimelineTest {
    private final VirtualTimeline timeline = new VirtualTimeline();
    private final List<String> happened = new ArrayList<>();

    private TimelineEvent event(String name) {
        return timeline.event(name, () -> happened.add(name + "@" + timeline.now()));
    }

    private void fireAll() {
        for (boolean fired = true; fired; ) {
            fired = timeline.fireNext();
        }
    }

    @Test
    void nothingHappensByItself() {
        event("a").scheduleIn(0);
        assertThat(timeline.now()).isZero();
        assertThat(timeline.nextDueNanos()).isZero();
        assertThat(happened).isEmpty();
    }

    @Test
    void eventsHappenInTheOrderOfTheirTimesAndTimeJumpsToThem() {
        event("late").scheduleIn(300);
        event("early").scheduleIn(100);
        event("middle").scheduleAt(200);
        assertThat(timeline.nextDueNanos()).isEqualTo(100);
        fireAll();
        assertThat(happened).containsExactly("early@100", "middle@200", "late@300");
        assertThat(timeline.nextDueNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(timeline.fireNext()).isFalse();
        assertThat(timeline.now()).isEqualTo(300);
    }

    @Test
    void whatIsDueAtOnceHappensInTheOrderOfScheduling() {
        TimelineEvent first = event("a");
        first.scheduleIn(10);
        event("b").scheduleIn(10);
        event("c").scheduleIn(10);
        first.scheduleIn(10);
        fireAll();
        assertThat(happened).containsExactly("b@10", "c@10", "a@10");
    }

    @Test
    void timeDoesNotGoBackForAnEventThatIsLate() {
        event("a").scheduleIn(10);
        timeline.charge(50);
        event("b").scheduleIn(-5);
        event("c").scheduleAt(3);
        fireAll();
        assertThat(happened).containsExactly("c@50", "a@50", "b@50");
        assertThatIllegalArgumentException().isThrownBy(() -> timeline.charge(-1));
    }

    @Test
    void anEventIsScheduledAtMostOnce() {
        TimelineEvent event = event("a");
        event.scheduleIn(100);
        event.scheduleIn(20);
        fireAll();
        assertThat(happened).containsExactly("a@20");
        event.scheduleIn(20);
        event.scheduleIn(100);
        fireAll();
        assertThat(happened).containsExactly("a@20", "a@120");
    }

    @Test
    void aCancelledEventDoesNotHappen() {
        TimelineEvent event = event("a");
        assertThat(event.cancel()).isFalse();
        event.scheduleIn(10);
        event("b").scheduleIn(20);
        assertThat(event.cancel()).isTrue();
        assertThat(event.cancel()).isFalse();
        fireAll();
        assertThat(happened).containsExactly("b@20");
        event.scheduleIn(5);
        fireAll();
        assertThat(happened).containsExactly("b@20", "a@25");
        assertThat(event.cancel()).isFalse();
    }

    @Test
    void anEventMayScheduleItselfAgain() {
        TimelineEvent[] tick = new TimelineEvent[1];
        tick[0] = timeline.event("tick", () -> {
            happened.add("tick@" + timeline.now());
            if (timeline.now() < 30) {
                tick[0].scheduleIn(10);
            }
        });
        tick[0].scheduleIn(10);
        fireAll();
        assertThat(happened).containsExactly("tick@10", "tick@20", "tick@30");
        assertThat(tick[0].name()).isEqualTo("tick");
    }

    @Test
    void anEventThatThrowsIsOverAndTheTimelineGoesOn() {
        timeline.event("bad", () -> {
                    throw new IllegalStateException("bad event");
                })
                .scheduleIn(10);
        event("good").scheduleIn(20);
        assertThatIllegalStateException().isThrownBy(timeline::fireNext).withMessage("bad event");
        fireAll();
        assertThat(happened).containsExactly("good@20");
    }

    @Test
    void neverIsNotTomorrow() {
        timeline.charge(1_000);
        event("never").scheduleIn(Long.MAX_VALUE);
        event("soon").scheduleIn(1);
        timeline.fireNext();
        assertThat(happened).containsExactly("soon@1001");
    }

    @Test
    void whatIsPostedHappensNext() {
        event("later").scheduleIn(10);
        timeline.post("posted", () -> happened.add("posted@" + timeline.now()));
        fireAll();
        assertThat(happened).containsExactly("posted@0", "later@10");
    }
}
