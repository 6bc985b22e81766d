// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.ArrayList;
import java.util.List;
import kernel.api.context.SoftirqContext;

/** The hardware queues that a handler on one processor wants to be run; used on that processor only. */
final class LateQueues {
    private final List<HardwareQueue> queues = new ArrayList<>();

    void add(HardwareQueue queue) {
        if (!queues.contains(queue)) {
            queues.add(queue);
        }
    }

    void runAll(SoftirqContext context) {
        while (!queues.isEmpty()) {
            queues.removeLast().run(context);
        }
    }
}
