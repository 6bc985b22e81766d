// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.trace.Trace;
import kernel.core.trace.TraceListener;
import kernel.core.trace.TraceRecord;

/** The events while it is open, on whichever thread they happen; a limited number of them. */
final class Recording implements TraceListener, AutoCloseable {
    /** About 200 bytes each. */
    private static final int LIMIT = 1_000_000;

    private final Trace trace;
    private final Queue<TraceRecord> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong count = new AtomicLong();
    private volatile boolean overflowed;

    Recording(Trace trace) {
        this.trace = trace;
        trace.listen(this);
    }

    @Override
    public void event(TraceRecord event) {
        if (waiting.incrementAndGet() <= LIMIT) {
            events.add(event);
        } else {
            overflowed = true;
        }
        count.incrementAndGet();
    }

    /** How many there were. Whoever sees its own event counted will find it among those that are taken next. */
    long count() {
        return count.get();
    }

    /** What came since it was asked before. */
    List<TraceRecord> take() {
        List<TraceRecord> taken = new ArrayList<>();
        for (TraceRecord event = events.poll(); event != null; event = events.poll()) {
            taken.add(event);
            waiting.decrementAndGet();
        }
        return taken;
    }

    /** Ends it; what has been recorded can still be taken. */
    void stop() {
        trace.unlisten(this);
    }

    /** Whether something is missing at the end. */
    boolean overflowed() {
        return overflowed;
    }

    @Override
    public void close() {
        stop();
    }
}
