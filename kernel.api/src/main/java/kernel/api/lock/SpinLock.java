// SPDX-License-Identifier: Apache-2.0
package kernel.api.lock;

import kernel.api.context.Context;

/**
 * A lock whose waiters spin (Linux: spinlock_t). Whoever holds one must not sleep: the others spin for as long as the
 * holder is away, and one of them may be spinning on the processor that the holder needs to run again. Not recursive.
 *
 * <p>Which variant: shared with an interrupt handler, take {@link #lockIrqSave} everywhere outside it; shared with a
 * tasklet or timer, {@link #lockBh} in process context; else {@link #lock}.
 */
public interface SpinLock {
    void lock(Context context);

    void unlock(Context context);

    /** Takes the lock if it is free. */
    boolean tryLock(Context context);

    /** Disables interrupts on this processor, then takes the lock; returns what {@link #unlockIrqRestore} wants back. */
    boolean lockIrqSave(Context context);

    void unlockIrqRestore(Context context, boolean flags);

    /** Disables softirqs on this processor, then takes the lock. */
    void lockBh(Context context);

    void unlockBh(Context context);
}
