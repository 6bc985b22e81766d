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
    /**
     * A timer; armed at most once at a time, by whatever processor. Its lock comes before that of a queue, and guards which queue it is in;
     * the queue's lock guards the rest.
     */
    static final class Entry {
        private final RawLock lock = new RawLock();
        private final KernelTimer.Function function;
        private TimerQueue queue;
        private boolean disabled;
        private volatile boolean running;
        private long expiresNanos;
        private long sequence;
        private int index = -1;

        Entry(KernelTimer.Function function) {
            this.function = function;
        }

        /** Takes it back; false when it was not armed. Callable from anywhere. */
        boolean cancel() {
            lock.acquire();
            boolean armed = takeOut();
            lock.release();
            return armed;
        }

        /** Under this entry's lock. */
        private boolean takeOut() {
            if (queue == null) {
                return false;
            }
            queue.lock.acquire();
            boolean armed = index >= 0;
            if (armed) {
                queue.remove(this);
            }
            queue.lock.release();
            return armed;
        }

        /** Whether it is armed or its function runs right now. */
        boolean isBusy() {
            lock.acquire();
            boolean busy = running;
            if (queue != null) {
                queue.lock.acquire();
                busy = running || index >= 0;
                queue.lock.release();
            }
            lock.release();
            return busy;
        }

        /** From now on arming it does nothing. */
        void disable() {
            lock.acquire();
            disabled = true;
            lock.release();
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
        alarm = cpu.execution()
                .conductor()
                .timeline()
                .event("local timer", () -> cpu.timerLine().raise());
    }

    /**
     * Arms it for that time on this processor, wherever it was armed before; while its function runs, on the processor where that is, so that it
     * never runs twice at once.
     */
    void arm(Entry entry, long expiresNanos) {
        entry.lock.acquire();
        if (!entry.disabled) {
            entry.takeOut();
            TimerQueue target = entry.running ? entry.queue : this;
            target.add(entry, expiresNanos);
        }
        entry.lock.release();
    }

    /** Under the entry's lock. */
    private void add(Entry entry, long expiresNanos) {
        lock.acquire();
        entry.queue = this;
        entry.expiresNanos = expiresNanos;
        entry.sequence = nextSequence++;
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(size++, entry);
        if (heap[0] == entry) {
            alarm.scheduleAt(expiresNanos);
        }
        lock.release();
    }

    /** In the local timer's handler. */
    void interrupt() {
        lock.acquire();
        boolean expired = size > 0 && heap[0].expiresNanos <= cpu.execution().now();
        if (!expired) {
            programAlarm();
        }
        lock.release();
        if (expired) {
            cpu.softirqs.raise(Softirqs.Vector.TIMER);
        }
    }

    /** Under the lock. */
    private void programAlarm() {
        if (size > 0) {
            alarm.scheduleAt(heap[0].expiresNanos);
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
        if (entry != null) {
            entry.running = true;
            remove(entry);
        } else {
            programAlarm();
        }
        lock.release();
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
