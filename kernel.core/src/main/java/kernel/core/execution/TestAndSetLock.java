// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import kernel.api.context.Context;
import kernel.api.lock.SpinLock;

/** A spin lock: test and set, first come first served by luck. */
final class TestAndSetLock implements SpinLock, Spinnable {
    private static final VarHandle OWNER;

    static {
        try {
            OWNER = MethodHandles.lookup().findVarHandle(TestAndSetLock.class, "owner", Cpu.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private volatile Cpu owner;

    TestAndSetLock(String name) {
        this.name = name;
    }

    @Override
    public void lock(Context context) {
        Cpu cpu = KernelContext.cpuOf(context);
        cpu.preemptDisable();
        acquire(cpu);
    }

    @Override
    public boolean tryLock(Context context) {
        Cpu cpu = KernelContext.cpuOf(context);
        cpu.preemptDisable();
        cpu.point(Point.LOCK);
        if (OWNER.compareAndSet(this, (Cpu) null, cpu)) {
            cpu.holds(this);
            return true;
        }
        cpu.preemptEnableWithoutPoint();
        cpu.point(Point.PREEMPTION_ENABLED);
        return false;
    }

    @Override
    public void unlock(Context context) {
        Cpu cpu = KernelContext.cpuOf(context);
        release(cpu);
        cpu.preemptEnableWithoutPoint();
        cpu.point(Point.UNLOCK);
    }

    @Override
    public boolean lockIrqSave(Context context) {
        Cpu cpu = KernelContext.cpuOf(context);
        cpu.preemptDisable();
        boolean flags = cpu.processor().interruptsEnabled();
        cpu.processor().setInterruptsEnabled(false);
        acquire(cpu);
        return flags;
    }

    @Override
    public void unlockIrqRestore(Context context, boolean flags) {
        Cpu cpu = KernelContext.cpuOf(context);
        release(cpu);
        cpu.processor().setInterruptsEnabled(flags);
        cpu.preemptEnableWithoutPoint();
        cpu.point(Point.INTERRUPTS_ENABLED);
    }

    @Override
    public void lockBh(Context context) {
        Cpu cpu = KernelContext.cpuOf(context);
        cpu.softirqDisable();
        cpu.preemptDisable();
        acquire(cpu);
    }

    @Override
    public void unlockBh(Context context) {
        Cpu cpu = KernelContext.cpuOf(context);
        release(cpu);
        cpu.preemptEnableWithoutPoint();
        cpu.softirqEnable();
        cpu.point(Point.UNLOCK);
    }

    private void acquire(Cpu cpu) {
        cpu.point(Point.LOCK);
        if (OWNER.compareAndSet(this, (Cpu) null, cpu)) {
            cpu.holds(this);
            return;
        }
        if (owner == cpu) {
            cpu.execution().rules().spinlockRecursion(cpu, name);
        }
        cpu.execution().trace(cpu, kernel.core.trace.TraceEvent.LOCK_CONTENDED, 0, 0, name);
        cpu.spinningOn = this;
        while (!OWNER.compareAndSet(this, (Cpu) null, cpu)) {
            cpu.execution().conductor().spin(cpu, this);
        }
        cpu.spinningOn = null;
        cpu.holds(this);
    }

    private void release(Cpu cpu) {
        if (owner != cpu) {
            cpu.execution().rules().badUnlock(cpu, name);
        }
        cpu.holdsNoMore(this);
        OWNER.setRelease(this, (Cpu) null);
    }

    /** Takes it from a processor whose code died with it. */
    void releaseOf(Cpu cpu) {
        OWNER.compareAndSet(this, cpu, (Cpu) null);
    }

    @Override
    public boolean isHeld() {
        return owner != null;
    }

    @Override
    public Cpu holder() {
        return owner;
    }

    @Override
    public String describe() {
        return "spin lock " + name + " held by " + owner;
    }

    @Override
    public String toString() {
        return name;
    }
}
