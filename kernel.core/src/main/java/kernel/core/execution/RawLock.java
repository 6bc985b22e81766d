// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The innermost lock of all: held for a few instructions, with no point, no sleep and no call out of the kernel inside.
 * Its waiters spin and, since the host may have taken the holder's thread away, soon yield to the host.
 */
public final class RawLock {
    private static final int SPINS_BEFORE_YIELD = 200;

    private final AtomicInteger held = new AtomicInteger();

    public void acquire() {
        while (!held.compareAndSet(0, 1)) {
            for (int spin = 0; held.getOpaque() != 0; spin++) {
                if (spin < SPINS_BEFORE_YIELD) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
        }
    }

    public void release() {
        held.setRelease(0);
    }
}
