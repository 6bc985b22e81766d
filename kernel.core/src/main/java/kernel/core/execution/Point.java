// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

/** The places at which code gives the machine a chance to act, each with what the step before it costs in virtual time. */
public enum Point {
    TRAP_ENTRY(60),
    TRAP_EXIT(40),
    LOCK(20),
    UNLOCK(10),
    SPIN(40),
    INTERRUPTS_ENABLED(10),
    PREEMPTION_ENABLED(5),
    REGISTER_ACCESS(200),
    WAKE_UP(40),
    SLEEP(80),
    SWITCH(300),
    COPY(50),
    DEFER(20),
    YIELD(100),
    INTERRUPT(150),
    SOFTIRQ(60),
    BLOCK(60);

    private final int costNanos;

    Point(int costNanos) {
        this.costNanos = costNanos;
    }

    /** What the step costs in deterministic mode. */
    public int costNanos() {
        return costNanos;
    }
}
