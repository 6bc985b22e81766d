// SPDX-License-Identifier: Apache-2.0
package hardware.machine.cpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One simulated processor: who owns it, whether interrupts are let in, and whether something wants its attention.
 *
 * <p>A processor has exactly one owner at any time, named by {@link #mode()}:
 * <ul>
 *   <li>{@link #IDLE}: nobody; whoever has work for it claims it by compare-and-set;
 *   <li>{@link #USER}: the program that runs on it, which touches no kernel state; an interrupt may claim it;
 *   <li>{@link #KERNEL}: the thread that executes kernel code on it; it looks at the attention word at its next point;
 *   <li>{@link #INTERRUPT}: a hardware thread that claimed it from IDLE or USER and gives it back.
 * </ul>
 *
 * <p>Ordering: a raiser first sets an attention bit, then reads the mode; an owner first gives the mode up, then reads
 * the attention word. Both are sequentially consistent, so that at least one of the two sees the other (Dekker's
 * argument).
 */
public final class Processor {
    public static final int IDLE = 0;
    public static final int USER = 1;
    public static final int KERNEL = 2;
    public static final int INTERRUPT = 3;

    /** Attention: the interrupt controller has a pending line for this processor. */
    public static final int ATTENTION_INTERRUPT = 1;
    /** Attention: free for the kernel's own use; hardware never sets it. */
    public static final int ATTENTION_RESCHEDULE = 1 << 1;
    /** Attention: deferred work is pending; for the kernel's own use. */
    public static final int ATTENTION_SOFTIRQ = 1 << 2;
    /** Attention: always set on a machine whose every point is decided by a schedule. */
    public static final int ATTENTION_SCHEDULE = 1 << 3;

    private static final VarHandle MODE;
    private static final VarHandle ATTENTION;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MODE = lookup.findVarHandle(Processor.class, "mode", int.class);
            ATTENTION = lookup.findVarHandle(Processor.class, "attention", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int id;
    private volatile int mode = IDLE;
    private volatile int attention;
    private boolean interruptsEnabled = true;

    public Processor(int id) {
        this.id = id;
    }

    /** The number of this processor, from 0. */
    public int id() {
        return id;
    }

    public int mode() {
        return mode;
    }

    /** Takes the processor from {@code expected} to {@code next}; false when somebody else owns it by now. */
    public boolean claim(int expected, int next) {
        return MODE.compareAndSet(this, expected, next);
    }

    /** Gives the processor up, or changes the mode of one that the caller owns; sequentially consistent. */
    public void release(int next) {
        mode = next;
    }

    /** The attention word as it may be read at a point: opaque, without ordering, 0 when there is nothing to do. */
    public int attention() {
        return (int) ATTENTION.getOpaque(this);
    }

    /** The attention word, ordered after everything this thread wrote before. */
    public int attentionOrdered() {
        return attention;
    }

    public void demandAttention(int bits) {
        if ((attention & bits) != bits) {
            ATTENTION.getAndBitwiseOr(this, bits);
        }
    }

    /** Clears attention bits; the caller looks at what they stood for afterwards, never before. */
    public void clearAttention(int bits) {
        ATTENTION.getAndBitwiseAnd(this, ~bits);
    }

    /** The interrupt flag; only the owner reads or writes it. */
    public boolean interruptsEnabled() {
        return interruptsEnabled;
    }

    public void setInterruptsEnabled(boolean enabled) {
        interruptsEnabled = enabled;
    }

    @Override
    public String toString() {
        return "cpu" + id;
    }
}
