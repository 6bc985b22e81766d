// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import java.util.concurrent.atomic.AtomicInteger;
import kernel.api.module.KernelLog;

/** Completions of commands that nobody sent: ignored, and told in the log, the first of them. */
final class StrayCompletions {
    private static final int TOLD_MAX = 10;

    private final KernelLog log;
    private final AtomicInteger count = new AtomicInteger();

    StrayCompletions(KernelLog log) {
        this.log = log;
    }

    /** One has come for that submission queue. Any context. */
    void note(int queue, int commandId) {
        int number = count.incrementAndGet();
        if (number <= TOLD_MAX) {
            log.warn("invalid id 0x%x completed on queue %d%s"
                    .formatted(commandId, queue, number == TOLD_MAX ? "; no more of these are told" : ""));
        }
    }
}
