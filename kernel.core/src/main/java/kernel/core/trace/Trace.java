// SPDX-License-Identifier: Apache-2.0
package kernel.core.trace;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import kernel.api.context.ProcessContext;

/**
 * The trace of one kernel. Off, it costs one field read at each tracepoint: callers ask {@link #isOn()} first.
 *
 * <p>The hash covers every event in order; in deterministic mode two runs of one seed have the same.
 */
public final class Trace {
    private static final long HASH_START = 0xcbf29ce484222325L;
    private static final long HASH_MULTIPLIER = 0x9e3779b97f4a7c15L;

    private final CopyOnWriteArrayList<TraceListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong hash = new AtomicLong(HASH_START);
    private final AtomicLong count = new AtomicLong();
    private boolean hashing;
    private boolean on;

    /** Whether anybody wants events; a plain read, so a change is seen a little later on other processors. */
    public boolean isOn() {
        return on;
    }

    public synchronized void enableHash() {
        hashing = true;
        on = true;
    }

    public synchronized void listen(TraceListener listener) {
        listeners.add(listener);
        on = true;
    }

    public synchronized void unlisten(TraceListener listener) {
        listeners.remove(listener);
        on = hashing || !listeners.isEmpty();
    }

    /** The hash of all events since the kernel booted, if hashing was enabled before. */
    public long hash() {
        return hash.get();
    }

    /** How many events were recorded. */
    public long count() {
        return count.get();
    }

    /** Records an event; only useful while {@link #isOn()}. */
    public void record(TraceRecord event) {
        count.incrementAndGet();
        if (hashing) {
            hash.set(mix(hash.get(), event));
        }
        for (TraceListener listener : listeners) {
            listener.event(event);
        }
    }

    /** Tells whoever wants to hold the process; right after the event of its entry into a system call. */
    public void entered(ProcessContext process, int systemCall) {
        for (TraceListener listener : listeners) {
            listener.entered(process, systemCall);
        }
    }

    private static long mix(long start, TraceRecord event) {
        long h = start;
        h = mix(h, event.nanos());
        h = mix(h, event.processor() * 0x1_0000_0001L + event.pid());
        h = mix(h, event.event().linuxName().hashCode() * 31L + event.name().hashCode());
        h = mix(h, event.context().hashCode() * 31L + event.text().hashCode());
        h = mix(h, event.a());
        return mix(h, event.b());
    }

    private static long mix(long h, long value) {
        long x = (h ^ value) * HASH_MULTIPLIER;
        return x ^ x >>> 29;
    }
}
