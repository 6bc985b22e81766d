// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.interrupt.KernelTimer;

/** A timer of a driver. */
public final class SoftTimer implements KernelTimer {
    private final TimerQueue.Entry entry;

    public SoftTimer(Function function) {
        entry = new TimerQueue.Entry(function);
    }

    @Override
    public void arm(Context context, long delayNanos) {
        Cpu cpu = KernelContext.cpuOf(context);
        cpu.timers.arm(entry, cpu.execution().deadline(delayNanos));
        cpu.point(Point.DEFER);
    }

    @Override
    public boolean cancel(Context context) {
        return entry.cancel();
    }

    @Override
    public boolean cancelAndWait(ProcessContext context) {
        ((Task) context).mightSleep("timer_delete_sync");
        boolean armed = entry.cancel();
        while (entry.isBusy()) {
            context.yieldProcessor();
            // Its function may have armed it again.
            armed |= entry.cancel();
        }
        return armed;
    }

    /** From now on arming it does nothing (Linux: timer_shutdown). */
    public void disableForGood() {
        entry.disable();
    }
}
