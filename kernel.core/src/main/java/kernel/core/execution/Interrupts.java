// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import hardware.machine.interrupt.InterruptController;
import hardware.machine.interrupt.InterruptLine;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import kernel.api.interrupt.InterruptHandler;
import kernel.api.interrupt.InterruptResult;
import kernel.core.trace.TraceEvent;

/** Who handles which line, and how often each interrupted (Linux: kernel/irq). */
public final class Interrupts {
    private static final int SPURIOUS_WINDOW = 100_000;
    private static final int SPURIOUS_LIMIT = 99_900;

    /** One handler on a line. */
    public static final class Action {
        private final Descriptor descriptor;
        private final String name;
        private final InterruptHandler handler;

        private Action(Descriptor descriptor, String name, InterruptHandler handler) {
            this.descriptor = descriptor;
            this.name = name;
            this.handler = handler;
        }

        public String name() {
            return name;
        }
    }

    /** What is known of a line; counts are written by the processor that they belong to. */
    public static final class Descriptor {
        private final InterruptLine line;
        private final long[] counts;
        private final boolean local;
        private final List<Action> actions = new CopyOnWriteArrayList<>();
        private volatile int inProgress;
        private int seen;
        private int unhandled;
        private volatile boolean disabled;

        private Descriptor(InterruptLine line, int cpuCount, boolean local) {
            this.line = line;
            this.local = local;
            counts = new long[cpuCount];
        }

        public InterruptLine line() {
            return line;
        }

        /** Interrupts of this line on one processor. */
        public long count(int cpu) {
            return counts[cpu];
        }

        /** Whether it belongs to a processor, like its timer. */
        public boolean isLocal() {
            return local;
        }

        public List<Action> actions() {
            return actions;
        }

        /** Whether it was switched off because nobody handled it. */
        public boolean isDisabled() {
            return disabled;
        }
    }

    private final Execution execution;
    private final InterruptController controller;
    private final Descriptor[] descriptors = new Descriptor[InterruptController.LINES];

    Interrupts(Execution execution, InterruptController controller) {
        this.execution = execution;
        this.controller = controller;
    }

    /** The lines that have or had a handler, by number; entries of others are null. */
    public synchronized Descriptor[] descriptors() {
        return descriptors.clone();
    }

    InterruptLine requestLocalTimer(Cpu cpu, InterruptLine line) {
        controller.setTargets(line, 1L << cpu.id());
        Descriptor descriptor = new Descriptor(line, execution.machine().processorCount(), true);
        descriptor.actions.add(new Action(descriptor, "timer", context -> {
            ((KernelContext) context).cpu.localTimerInterrupt();
            return InterruptResult.HANDLED;
        }));
        descriptors[line.number()] = descriptor;
        controller.unmask(line);
        return line;
    }

    /**
     * Installs the handler of a line and lets it interrupt whom the controller chooses (Linux: request_irq).
     *
     * @return null when the line has a handler already (EBUSY)
     */
    public Action request(InterruptLine line, String name, InterruptHandler handler) {
        return request(line, name, controller.targets(line), handler);
    }

    /** As {@link #request(InterruptLine, String, InterruptHandler)}, for the processors of a mask only (Linux: irq_set_affinity). */
    public synchronized Action request(InterruptLine line, String name, long processors, InterruptHandler handler) {
        Descriptor descriptor = descriptors[line.number()];
        if (descriptor == null || descriptor.line != line) {
            descriptor = new Descriptor(line, execution.machine().processorCount(), false);
            descriptors[line.number()] = descriptor;
        }
        if (!descriptor.actions.isEmpty()) {
            return null;
        }
        Action action = new Action(descriptor, name, handler);
        descriptor.actions.add(action);
        descriptor.disabled = false;
        controller.setTargets(line, processors);
        controller.unmask(line);
        return action;
    }

    /** Masks the line, takes the handler away and waits until it runs nowhere any more (Linux: free_irq). May sleep. */
    public void free(Task task, InterruptLine line, Action action) {
        // Not looked up by number: the device may have been pulled, and another one have its number by now.
        Descriptor descriptor = action.descriptor;
        synchronized (this) {
            if (!descriptor.actions.remove(action)) {
                throw new IllegalStateException("Trying to free already-free IRQ " + line.number());
            }
            controller.mask(line);
            controller.setTargets(line, -1L);
            if (descriptors[line.number()] == descriptor) {
                descriptors[line.number()] = null;
            }
        }
        while (descriptor.inProgress != 0) {
            task.yieldProcessor();
        }
    }

    /** Calls the handlers of a line that the processor has claimed; the owner calls it in hard interrupt context. */
    void handle(Cpu cpu, InterruptLine line) {
        Descriptor descriptor = descriptors[line.number()];
        if (descriptor == null || descriptor.line != line) {
            maskUnlessRequested(line);
            return;
        }
        descriptor.counts[cpu.id()]++;
        descriptor.inProgress = 1;
        boolean handled = false;
        try {
            for (Action action : descriptor.actions) {
                handled |= call(cpu, descriptor, action);
            }
        } finally {
            descriptor.inProgress = 0;
        }
        if (!descriptor.local) {
            noteSpurious(cpu, descriptor, handled);
        }
    }

    /** It interrupted while its handler went; by now it may have the next one. */
    private synchronized void maskUnlessRequested(InterruptLine line) {
        Descriptor descriptor = descriptors[line.number()];
        if (descriptor == null || descriptor.line != line) {
            controller.mask(line);
        }
    }

    private boolean call(Cpu cpu, Descriptor descriptor, Action action) {
        int number = descriptor.line.number();
        execution.trace(cpu, TraceEvent.IRQ_ENTRY, number, descriptor.local ? 1 : 0, action.name);
        InterruptResult result = InterruptResult.NONE;
        try {
            cpu.point(Point.INTERRUPT);
            result = action.handler.handle(cpu.hardirqContext());
        } catch (Halt e) {
            throw e;
        } catch (RuntimeException | Error e) {
            execution.fatal().interruptDied(cpu, "irq " + number + " (" + action.name + ")", e);
        }
        execution.trace(cpu, TraceEvent.IRQ_EXIT, number, result == InterruptResult.HANDLED ? 1 : 0, action.name);
        return result == InterruptResult.HANDLED;
    }

    /** A line that interrupts and interrupts with nobody feeling responsible is switched off (Linux: note_interrupt). */
    private void noteSpurious(Cpu cpu, Descriptor descriptor, boolean handled) {
        if (!handled) {
            descriptor.unhandled++;
        }
        if (++descriptor.seen < SPURIOUS_WINDOW) {
            return;
        }
        if (descriptor.unhandled > SPURIOUS_LIMIT) {
            descriptor.disabled = true;
            controller.mask(descriptor.line);
            execution.rules().nobodyCared(cpu, descriptor);
        }
        descriptor.seen = 0;
        descriptor.unhandled = 0;
    }
}
