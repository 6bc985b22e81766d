// SPDX-License-Identifier: Apache-2.0
package hardware.machine.interrupt;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One wire from a device into the interrupt controller.
 *
 * <p>A {@linkplain Trigger#LEVEL level} line interrupts for as long as it is asserted; an {@linkplain Trigger#EDGE
 * edge} (message-signalled) line interrupts once for each {@link #raise()}, and remembers one while it is in service.
 * Thread-safe: devices and processors change it side by side.
 */
public final class InterruptLine {
    /** When a line asks for an interrupt. */
    public enum Trigger {
        LEVEL,
        EDGE
    }

    static final int ASSERTED = 1;
    static final int MASKED = 1 << 1;
    static final int PENDING = 1 << 2;
    static final int IN_SERVICE = 1 << 3;

    final AtomicInteger state = new AtomicInteger(MASKED);
    volatile long targets;
    private final InterruptController controller;
    private final int number;
    private final String name;
    private final Trigger trigger;

    InterruptLine(InterruptController controller, int number, String name, Trigger trigger, long targets) {
        this.controller = controller;
        this.number = number;
        this.name = name;
        this.trigger = trigger;
        this.targets = targets;
    }

    public int number() {
        return number;
    }

    public String name() {
        return name;
    }

    public Trigger trigger() {
        return trigger;
    }

    /** Whether the line is asserted now (for an edge line: latched and not yet claimed). */
    public boolean isAsserted() {
        return (state.get() & ASSERTED) != 0;
    }

    public boolean isMasked() {
        return (state.get() & MASKED) != 0;
    }

    /** Asserts the line (level) or sends one message (edge). Called by the device. */
    public void raise() {
        controller.raise(this);
    }

    /**
     * Takes a level line back. Called by the device when its cause has been acknowledged. A message that was sent
     * cannot be taken back: on an edge line this does nothing.
     */
    public void lower() {
        if (trigger == Trigger.LEVEL) {
            state.getAndUpdate(s -> s & ~ASSERTED);
        }
    }

    @Override
    public String toString() {
        return "irq " + number + " (" + name + ")";
    }
}
