// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

/** Counts the steps of the firmware and fails at the one that somebody chose. Guarded by the firmware's lock. */
public final class PowerSupply {
    private long steps;
    private long cutAt = Long.MAX_VALUE;

    /** The steps so far. */
    public long steps() {
        return steps;
    }

    /** Fails at the step of that many from now; 0 for never. */
    public void cutAfter(long count) {
        cutAt = count <= 0 || count > Long.MAX_VALUE - steps ? Long.MAX_VALUE : steps + count;
    }

    /** A step begins; true when the power fails in it. */
    boolean failsInStep() {
        return ++steps >= cutAt;
    }

    /** A step that is done or not done at all. */
    public void step() {
        if (failsInStep()) {
            throw new PowerLost();
        }
    }
}
