// SPDX-License-Identifier: Apache-2.0
package kernel.core.aio;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kernel.api.context.ProcessContext;

/** The asynchronous contexts of one process. Used by its process only. */
public final class AioContexts {
    private static final long FIRST_NUMBER = 0x7fff_0000_0000L;
    private static final long NUMBER_STEP = 0x1000;

    private final Map<Long, AioContext> contexts = new TreeMap<>();
    private long nextNumber = FIRST_NUMBER;

    long add(AioContext context) {
        long number = nextNumber;
        nextNumber += NUMBER_STEP;
        contexts.put(number, context);
        return number;
    }

    /** The context with that number, or null (EINVAL). */
    AioContext get(long number) {
        return contexts.get(number);
    }

    AioContext remove(long number) {
        return contexts.remove(number);
    }

    /** Waits for all that is under way and forgets them. May sleep. Returns how many events they had room for. */
    int close(ProcessContext context) {
        List<AioContext> all = new ArrayList<>(contexts.values());
        contexts.clear();
        int room = 0;
        for (AioContext each : all) {
            each.close(context);
            room += each.capacity();
        }
        return room;
    }
}
