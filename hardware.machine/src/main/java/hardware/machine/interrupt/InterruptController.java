// SPDX-License-Identifier: Apache-2.0
package hardware.machine.interrupt;

import hardware.machine.cpu.Processor;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Routes interrupt lines to processors; claim and completion as in a RISC-V PLIC, one message-signalled line per vector
 * as with MSI-X.
 *
 * <p>A line that is raised, not masked, not pending and not in service becomes pending at one processor of its target
 * mask. {@link #claim} takes the lowest-numbered pending line of a processor and puts it in service; {@link #complete}
 * ends that, and a level line still asserted becomes pending again. Lines start masked. Thread-safe and lock-free.
 */
public final class InterruptController {
    /** How many lines a controller has; a vector number is below it. */
    public static final int LINES = 256;

    private static final int WORDS = LINES / Long.SIZE;

    private final Processor[] processors;
    private final AtomicReferenceArray<InterruptLine> lines = new AtomicReferenceArray<>(LINES);
    private final AtomicLongArray pending;
    private volatile InterruptSink sink = target -> {};
    private volatile LineObserver observer;

    public InterruptController(Processor[] processors) {
        this.processors = processors.clone();
        pending = new AtomicLongArray(processors.length * WORDS);
    }

    /** Says who wants to know of pending lines; until then they only wait. */
    public void connect(InterruptSink newSink) {
        sink = newSink;
    }

    /** Who watches the lines, or null. */
    public void observe(LineObserver newObserver) {
        observer = newObserver;
    }

    /**
     * Wires up a new line, masked, with the lowest free number at or above {@code from}, for all processors.
     *
     * @throws IllegalStateException when all {@value #LINES} lines are in use
     */
    public InterruptLine allocate(String name, Trigger trigger, int from) {
        for (int number = from; number < LINES; number++) {
            InterruptLine line = new InterruptLine(this, number, name, trigger, allProcessors());
            if (lines.compareAndSet(number, null, line)) {
                return line;
            }
        }
        throw new IllegalStateException("no free interrupt line for " + name);
    }

    /** Takes a line away; a pending interrupt of it is forgotten. */
    public void free(InterruptLine line) {
        mask(line);
        lines.compareAndSet(line.number(), line, null);
    }

    /** The line with that number, or null. */
    public InterruptLine line(int number) {
        return number < 0 || number >= LINES ? null : lines.get(number);
    }

    public void mask(InterruptLine line) {
        line.state.getAndUpdate(s -> s | InterruptLine.MASKED);
    }

    public void unmask(InterruptLine line) {
        line.state.getAndUpdate(s -> s & ~InterruptLine.MASKED);
        deliver(line);
    }

    /**
     * Chooses the processors that may take the line, one bit each. An interrupt that is pending moves to one of them, so that it does not wait for a
     * processor that may have turned away from it; one in service stays where it is.
     */
    public void setTargets(InterruptLine line, long processorMask) {
        long targets = processorMask & allProcessors();
        if (targets == 0) {
            throw new IllegalArgumentException("no such processor in mask " + Long.toHexString(processorMask));
        }
        line.targets = targets;
        if ((line.state.get() & InterruptLine.PENDING) == 0 || isPendingAt(line, targets)) {
            return;
        }
        // Whoever claims first gets it; at a processor that keeps a mark of it, it is spurious.
        for (Processor processor : processors) {
            pending.getAndAccumulate(wordOf(line, processor), ~(1L << line.number()), (a, b) -> a & b);
        }
        makePending(line, chooseTarget(targets));
    }

    private boolean isPendingAt(InterruptLine line, long targets) {
        for (long rest = targets; rest != 0; rest &= rest - 1) {
            Processor processor = processors[Long.numberOfTrailingZeros(rest)];
            if ((pending.get(wordOf(line, processor)) & 1L << line.number()) != 0) {
                return true;
            }
        }
        return false;
    }

    public long targets(InterruptLine line) {
        return line.targets;
    }

    void raise(InterruptLine line) {
        line.state.getAndUpdate(s -> s | InterruptLine.ASSERTED);
        deliver(line);
    }

    private void deliver(InterruptLine line) {
        for (; ; ) {
            int state = line.state.get();
            int blocked = InterruptLine.MASKED | InterruptLine.PENDING | InterruptLine.IN_SERVICE;
            if ((state & InterruptLine.ASSERTED) == 0 || (state & blocked) != 0) {
                return;
            }
            if (line.state.compareAndSet(state, state | InterruptLine.PENDING)) {
                Processor target = chooseTarget(line.targets);
                LineObserver watching = observer;
                if (watching != null) {
                    watching.pending(line, target);
                }
                makePending(line, target);
                return;
            }
        }
    }

    private void makePending(InterruptLine line, Processor target) {
        pending.getAndAccumulate(wordOf(line, target), 1L << line.number(), (a, b) -> a | b);
        target.demandAttention(Processor.ATTENTION_INTERRUPT);
        sink.interruptPending(target);
    }

    private static int wordOf(InterruptLine line, Processor processor) {
        return processor.id() * WORDS + line.number() / Long.SIZE;
    }

    /** Lowest-priority delivery: an idle processor first, then one in user mode, then the first of the mask. */
    private Processor chooseTarget(long mask) {
        Processor best = null;
        for (long rest = mask; rest != 0; rest &= rest - 1) {
            Processor candidate = processors[Long.numberOfTrailingZeros(rest)];
            int mode = candidate.mode();
            if (mode == Processor.IDLE) {
                return candidate;
            }
            if (best == null || (mode == Processor.USER && best.mode() != Processor.USER)) {
                best = candidate;
            }
        }
        return best;
    }

    /** Whether a claim by that processor would find something (it may still turn out spurious). */
    public boolean hasPending(Processor processor) {
        int base = processor.id() * WORDS;
        for (int word = 0; word < WORDS; word++) {
            if (pending.get(base + word) != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Acknowledges the lowest-numbered pending line of the processor and puts it in service.
     *
     * @return the line, or null when nothing is pending any more (a spurious interrupt)
     */
    public InterruptLine claim(Processor processor) {
        int base = processor.id() * WORDS;
        for (int word = 0; word < WORDS; word++) {
            for (long bits = pending.get(base + word); bits != 0; bits = pending.get(base + word)) {
                int bit = Long.numberOfTrailingZeros(bits);
                pending.getAndAccumulate(base + word, ~(1L << bit), (a, b) -> a & b);
                InterruptLine line = lines.get(word * Long.SIZE + bit);
                if (line != null && takeIntoService(line)) {
                    return line;
                }
            }
        }
        return null;
    }

    private static boolean takeIntoService(InterruptLine line) {
        for (; ; ) {
            int state = line.state.get();
            if ((state & InterruptLine.PENDING) == 0) {
                return false;
            }
            int next = state & ~InterruptLine.PENDING;
            boolean wanted = (state & InterruptLine.ASSERTED) != 0 && (state & InterruptLine.MASKED) == 0;
            if (wanted) {
                next |= InterruptLine.IN_SERVICE;
                if (line.trigger() == Trigger.EDGE) {
                    next &= ~InterruptLine.ASSERTED;
                }
            }
            if (line.state.compareAndSet(state, next)) {
                return wanted;
            }
        }
    }

    /** Ends the service of a line; still asserted or latched again, it becomes pending at once. */
    public void complete(InterruptLine line) {
        line.state.getAndUpdate(s -> s & ~InterruptLine.IN_SERVICE);
        deliver(line);
    }

    private long allProcessors() {
        return processors.length == Long.SIZE ? -1L : (1L << processors.length) - 1;
    }
}
