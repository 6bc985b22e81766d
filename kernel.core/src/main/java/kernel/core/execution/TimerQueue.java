// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import hardware.machine.time.TimelineEvent;
import java.util.Arrays;
import kernel.api.context.SoftirqContext;
import kernel.api.interrupt.KernelTimer;
import kernel.core.trace.TraceEvent;

/**
 * The timers armed on one processor, driven by its local timer: a heap, whose earliest entry the hardware is programmed for
 * (Linux: kernel/time/timer.c). Expired timers run in the TIMER softirq.
 */
final class TimerQueue {
    /** A timer; armed at most once at a time. */
    static final class Entry {
        private final KernelTimer.Function function;
        private volatile TimerQueue queue;
        private volatile boolean running;
        private long expiresNanos;
        private long sequence;
        private int index = -1;

        Entry(KernelTimer.Function function) {
            this.function = function;
        }

        /** Takes it back; false when it was not armed. Callable from anywhere. */
        boolean cancel() {
            for (TimerQueue owner = queue; owner != null; owner = queue) {
                owner.lock.acquire();
                boolean mine = queue == owner;
                boolean armed = mine && index >= 0;
                if (armed) {
                    owner.remove(this);
                }
                owner.lock.release();
                if (mine) {
                    return armed;
                }
            }
            return false;
        }

        /** Whether the function runs right now. */
        boolean isRunning() {
            return running;
        }
    }

    private final RawLock lock = new RawLock();
    private final Cpu cpu;
    private final TimelineEvent alarm;
    private Entry[] heap = new Entry[4];
    private int size;
    private long nextSequence;

    TimerQueue(Cpu cpu) {
        this.cpu = cpu;
        alarm = cpu.execution().conductor().timeline().event("local timer", () -> cpu.timerLine().raise());
    }

    /** Arms it for that time on this processor, wherever it was armed before. */
    void arm(Entry entry, long expiresNanos) {
        entry.cancel();
        lock.acquire();
        entry.queue = this;
        entry.expiresNanos = expiresNanos;
        entry.sequence = nextSequence++;
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(size++, entry);
        boolean first = heap[0] == entry;
        lock.release();
        if (first) {
            alarm.scheduleAt(expiresNanos);
        }
    }

    /** In the local timer's handler. */
    void interrupt() {
        lock.acquire();
        boolean expired = size > 0 && heap[0].expiresNanos <= cpu.execution().now();
        long next = size > 0 ? heap[0].expiresNanos : Long.MAX_VALUE;
        lock.release();
        if (expired) {
            cpu.softirqs.raise(Softirqs.Vector.TIMER);
        } else if (next != Long.MAX_VALUE) {
            alarm.scheduleAt(next);
        }
    }

    /** The TIMER softirq. */
    void runExpired(SoftirqContext context) {
        for (Entry entry = takeExpired(); entry != null; entry = takeExpired()) {
            cpu.execution().trace(cpu, TraceEvent.TIMER_EXPIRE, entry.expiresNanos, 0, "");
            try {
                entry.function.run(context);
            } finally {
                entry.running = false;
            }
        }
    }

    private Entry takeExpired() {
        lock.acquire();
        Entry entry = size > 0 && heap[0].expiresNanos <= cpu.execution().now() ? heap[0] : null;
        long next = Long.MAX_VALUE;
        if (entry != null) {
            entry.running = true;
            remove(entry);
        } else if (size > 0) {
            next = heap[0].expiresNanos;
        }
        lock.release();
        if (next != Long.MAX_VALUE) {
            alarm.scheduleAt(next);
        }
        return entry;
    }

    private void remove(Entry entry) {
        int hole = entry.index;
        Entry last = heap[--size];
        heap[size] = null;
        entry.index = -1;
        if (last != entry) {
            siftDown(hole, last);
            if (last.index == hole) {
                siftUp(hole, last);
            }
        }
    }

    private void siftUp(int start, Entry entry) {
        int at = start;
        for (; at > 0 && before(entry, heap[(at - 1) / 2]); at = (at - 1) / 2) {
            place(at, heap[(at - 1) / 2]);
        }
        place(at, entry);
    }

    private void siftDown(int start, Entry entry) {
        int at = start;
        for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], entry)) {
                break;
            }
            place(at, heap[child]);
            at = child;
        }
        place(at, entry);
    }

    private void place(int at, Entry entry) {
        heap[at] = entry;
        entry.index = at;
    }

    private static boolean before(Entry a, Entry b) {
        return a.expiresNanos != b.expiresNanos ? a.expiresNanos < b.expiresNanos : a.sequence < b.sequence;
    }
}
