// SPDX-License-Identifier: Apache-2.0
package kernel.core.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import kernel.api.module.KernelLog;
import kernel.core.execution.RawLock;

/**
 * The ring of the kernel's messages (Linux: printk). Printing never sleeps and never fails: when the ring is full the oldest line goes.
 * Callable in every context and from outside of the machine.
 */
public final class Log {
    /** How many lines are kept. */
    public static final int CAPACITY = 4096;

    /** Enters a line into the trace. */
    @FunctionalInterface
    public interface Tracer {
        void trace(int level, String text);
    }

    private final RawLock lock = new RawLock();
    private final ArrayDeque<LogEntry> ring = new ArrayDeque<>();
    private final CopyOnWriteArrayList<LogListener> consoles = new CopyOnWriteArrayList<>();
    private final LongSupplier clock;
    private final Tracer tracer;
    private volatile Runnable onAppend = () -> {};
    private volatile int consoleLevel;
    private volatile long next;
    private volatile long cleared;

    /**
     * @param consoleLevel lines of a lower level number go to the listeners
     * @param clock the machine's, in nanoseconds
     */
    public Log(int consoleLevel, LongSupplier clock, Tracer tracer) {
        this.consoleLevel = consoleLevel;
        this.clock = clock;
        this.tracer = tracer;
    }

    /** Prints a message, each of its lines for itself. */
    public void print(int level, String message) {
        if (message.indexOf('\n') < 0) {
            append(level, message);
        } else {
            message.lines().forEach(line -> append(level, line));
        }
    }

    public void print(int level, Collection<String> lines) {
        for (String line : lines) {
            append(level, line);
        }
    }

    private void append(int level, String text) {
        lock.acquire();
        LogEntry entry = new LogEntry(next, level, clock.getAsLong(), text);
        next = entry.sequence() + 1;
        if (ring.size() == CAPACITY) {
            ring.removeFirst();
        }
        ring.addLast(entry);
        lock.release();
        tracer.trace(level, text);
        onAppend.run();
        if (level < consoleLevel) {
            for (LogListener console : consoles) {
                console.logged(entry);
            }
        }
    }

    /** The log of a module or device: each message begins with {@code prefix: }. */
    public KernelLog withPrefix(String prefix) {
        return new PrefixedLog(this, prefix.isEmpty() ? "" : prefix + ": ");
    }

    public void listen(LogListener console) {
        consoles.add(console);
    }

    public void unlisten(LogListener console) {
        consoles.remove(console);
    }

    /** Called after each line, in the context of whoever says it; for the one who wakes readers. */
    public void onAppend(Runnable action) {
        onAppend = action;
    }

    public int consoleLevel() {
        return consoleLevel;
    }

    public void setConsoleLevel(int level) {
        consoleLevel = level;
    }

    /** The sequence number of the line to come. */
    public long nextSequence() {
        return next;
    }

    /** The sequence number of the oldest line that is kept. */
    public long firstSequence() {
        lock.acquire();
        long first = ring.isEmpty() ? next : ring.getFirst().sequence();
        lock.release();
        return first;
    }

    /** The sequence number of the first line after {@link #clear}. */
    public long clearedSequence() {
        return Math.max(cleared, firstSequence());
    }

    /** How many lines were lost because the ring was full. */
    public long dropped() {
        lock.acquire();
        long lost = next - ring.size();
        lock.release();
        return lost;
    }

    /** The lines in the ring, oldest first. */
    public List<LogEntry> entries() {
        return entriesFrom(0);
    }

    /** The lines in the ring from that sequence number on. */
    public List<LogEntry> entriesFrom(long sequence) {
        lock.acquire();
        List<LogEntry> found = new ArrayList<>();
        for (LogEntry entry : ring) {
            if (entry.sequence() >= sequence) {
                found.add(entry);
            }
        }
        lock.release();
        return found;
    }

    /** The next line at or after that number that is still in the ring, or null. */
    public LogEntry entryAt(long sequence) {
        lock.acquire();
        LogEntry found = null;
        if (sequence < next && !ring.isEmpty()) {
            for (LogEntry entry : ring) {
                if (entry.sequence() >= sequence) {
                    found = entry;
                    break;
                }
            }
        }
        lock.release();
        return found;
    }

    /** From now on dmesg shows only what is yet to come; readers of /dev/kmsg still see everything. */
    public void clear() {
        lock.acquire();
        cleared = next;
        lock.release();
    }

    /** The lines since {@link #clear}. */
    public List<LogEntry> visibleEntries() {
        return entriesFrom(cleared);
    }

    /** What dmesg prints, each line with a line feed. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (LogEntry entry : visibleEntries()) {
            text.append(entry.line()).append('\n');
        }
        return text.toString();
    }
}
