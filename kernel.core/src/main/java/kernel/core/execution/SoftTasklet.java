// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.util.concurrent.atomic.AtomicInteger;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.interrupt.Tasklet;
import kernel.core.trace.TraceEvent;

/** A tasklet: scheduled at most once at a time, never on two processors at once. */
public final class SoftTasklet implements Tasklet {
    private static final int SCHEDULED = 1;
    private static final int RUNNING = 1 << 1;
    private static final int KILLED = 1 << 2;

    private final String name;
    private final Function function;
    private final boolean high;
    private final AtomicInteger state = new AtomicInteger();
    SoftTasklet next;

    public SoftTasklet(String name, boolean high, Function function) {
        this.name = name;
        this.high = high;
        this.function = function;
    }

    boolean isHigh() {
        return high;
    }

    @Override
    public void schedule(Context context) {
        Cpu cpu = KernelContext.cpuOf(context);
        for (; ; ) {
            int now = state.get();
            if ((now & (SCHEDULED | KILLED)) != 0) {
                return;
            }
            if (state.compareAndSet(now, now | SCHEDULED)) {
                cpu.softirqs.tasklets().add(this);
                cpu.softirqs.raise(high ? Softirqs.Vector.HI : Softirqs.Vector.TASKLET);
                cpu.point(Point.DEFER);
                return;
            }
        }
    }

    /** Runs it here unless it is running elsewhere. */
    boolean tryRun(Cpu cpu) {
        for (; ; ) {
            int now = state.get();
            if ((now & RUNNING) != 0) {
                return false;
            }
            if (state.compareAndSet(now, (now & ~SCHEDULED) | RUNNING)) {
                break;
            }
        }
        cpu.execution().trace(cpu, TraceEvent.TASKLET_ENTRY, 0, 0, name);
        try {
            if ((state.get() & KILLED) == 0) {
                function.run(cpu.bottomHalfContext());
            }
        } finally {
            state.getAndUpdate(s -> s & ~RUNNING);
        }
        cpu.execution().trace(cpu, TraceEvent.TASKLET_EXIT, 0, 0, name);
        return true;
    }

    /** From now on scheduling it does nothing, so that waiting for it comes to an end. */
    public void disableForGood() {
        state.getAndUpdate(s -> s | KILLED);
    }

    @Override
    public void kill(ProcessContext context) {
        ((Task) context).mightSleep("tasklet_kill");
        while ((state.get() & (SCHEDULED | RUNNING)) != 0) {
            context.yieldProcessor();
        }
    }
}
