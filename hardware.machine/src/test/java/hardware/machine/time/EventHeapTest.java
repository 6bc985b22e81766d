// SPDX-License-Identifier: Apache-2.0
package hardware.machine.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Is the heap a sorted set whose members know where they are? */
final class EventHeapTest {
    private final VirtualTimeline timeline = new VirtualTimeline();
    private final EventHeap heap = new EventHeap();

    @Test
    void anEmptyHeapHasNothing() {
        assertThat(heap.peek()).isNull();
    }

    @ParameterizedTest
    @MethodSource("hardware.machine.Seeds#few")
    void theHeapIsASortedSet(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TreeSet<TimelineEvent> model = new TreeSet<>(
                Comparator.comparingLong((TimelineEvent e) -> e.dueNanos).thenComparingLong(e -> e.sequence));
        List<TimelineEvent> waiting = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            waiting.add(timeline.event("event " + i, () -> {}));
        }
        for (int step = 0; step < 2_000; step++) {
            if (!waiting.isEmpty() && (model.isEmpty() || random.nextInt(5) < 3)) {
                TimelineEvent event = waiting.remove(random.nextInt(waiting.size()));
                event.dueNanos = random.nextInt(20);
                event.sequence = step;
                heap.add(event);
                model.add(event);
            } else {
                TimelineEvent event =
                        random.nextBoolean() ? heap.peek() : List.copyOf(model).get(random.nextInt(model.size()));
                heap.remove(event);
                model.remove(event);
                waiting.add(event);
                assertThat(event.heapIndex).isEqualTo(-1);
            }
            assertThat(heap.peek()).isSameAs(model.isEmpty() ? null : model.first());
        }
        while (!model.isEmpty()) {
            assertThat(heap.peek()).isSameAs(model.pollFirst());
            heap.remove(heap.peek());
        }
        assertThat(heap.peek()).isNull();
    }
}
