// SPDX-License-Identifier: Apache-2.0
package drivers.tempsensor;

import static hardware.tempsensor.registers.TempSensorRegisters.COMMAND;
import static hardware.tempsensor.registers.TempSensorRegisters.COMMAND_RESET;
import static hardware.tempsensor.registers.TempSensorRegisters.COMMAND_START;
import static hardware.tempsensor.registers.TempSensorRegisters.CONVERSION_TIME;
import static hardware.tempsensor.registers.TempSensorRegisters.DATA;
import static hardware.tempsensor.registers.TempSensorRegisters.INTERRUPT_ACKNOWLEDGE;
import static hardware.tempsensor.registers.TempSensorRegisters.INTERRUPT_DONE;
import static hardware.tempsensor.registers.TempSensorRegisters.INTERRUPT_ENABLE;
import static hardware.tempsensor.registers.TempSensorRegisters.STATUS;
import static hardware.tempsensor.registers.TempSensorRegisters.STATUS_BUSY;
import static hardware.tempsensor.registers.TempSensorRegisters.STATUS_INTERRUPT;
import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EIO;

import kernel.api.context.Context;
import kernel.api.context.InterruptContext;
import kernel.api.context.ProcessContext;
import kernel.api.context.SoftirqContext;
import kernel.api.device.BoundDevice;
import kernel.api.device.IoMemory;
import kernel.api.interrupt.InterruptResult;
import kernel.api.interrupt.Tasklet;
import kernel.api.lock.SpinLock;
import kernel.api.module.KernelLog;
import kernel.api.wait.WaitQueue;

/**
 * One measurement at a time: started in process context, captured by the interrupt handler, completed by the tasklet, awaited
 * in process context. The callers of the process side hold the driver's turn.
 */
final class Measurement {
    /** What a register reads as when the device has been pulled out. */
    private static final int PULLED_OUT = -1;
    /** How much longer than the conversion time a measurement may take before the device counts as dead. */
    private static final long GRACE_NANOS = 1_000_000_000;

    private static final long NANOS_PER_MICRO = 1_000;

    private final IoMemory registers;
    private final KernelLog log;
    private final SpinLock lock;
    private final WaitQueue finished;
    private final Tasklet bottomHalf;
    private long timeoutNanos;
    // Guarded by the lock, which the handler takes too.
    private boolean running;
    private boolean fresh;
    private int captured;
    private int latest;
    // Guarded by the driver's turn.
    private int taken;

    Measurement(BoundDevice device) {
        registers = device.registers();
        log = device.log();
        lock = device.spinLock("tempsensor measurement");
        finished = device.waitQueue("tempsensor finished");
        bottomHalf = device.tasklet("tempsensor", this::complete);
    }

    /** Puts the device into a known state. */
    void initialise(ProcessContext context, int conversionMicros) {
        registers.write(context, COMMAND, COMMAND_RESET);
        if (conversionMicros >= 0) {
            registers.write(context, CONVERSION_TIME, conversionMicros);
        }
        long micros = registers.read(context, CONVERSION_TIME) & 0xffff_ffffL;
        timeoutNanos = micros * NANOS_PER_MICRO + GRACE_NANOS;
    }

    void enableInterrupt(ProcessContext context) {
        registers.write(context, INTERRUPT_ENABLE, INTERRUPT_DONE);
    }

    /** Where to wait for a measurement to finish. */
    WaitQueue finished() {
        return finished;
    }

    /** The result of the last {@link #measure} or {@link #takeOrStart} that answered 0. */
    int milliCelsius() {
        return taken;
    }

    /** Starts a measurement and sleeps until it is complete. 0, -ERESTARTSYS, -ENODEV, or -EIO when the device is dead. */
    int measure(ProcessContext context) {
        int error = awaitFinish(context);
        if (error != 0) {
            return error;
        }
        start(context);
        error = awaitFinish(context);
        return error != 0 || take(context) ? error : -EIO;
    }

    /** Takes a finished measurement; if there is none sees to it that one is running and answers -EAGAIN. */
    int takeOrStart(ProcessContext context) {
        if (take(context)) {
            return 0;
        }
        start(context);
        return -EAGAIN;
    }

    /** Whether a measurement is there to be taken; if not sees to it that one is running. */
    boolean isFreshOrStart(ProcessContext context) {
        boolean flags = lock.lockIrqSave(context);
        boolean answer = fresh;
        lock.unlockIrqRestore(context, flags);
        if (!answer) {
            start(context);
        }
        return answer;
    }

    private boolean take(ProcessContext context) {
        boolean flags = lock.lockIrqSave(context);
        boolean wasFresh = fresh;
        fresh = false;
        if (wasFresh) {
            taken = latest;
        }
        lock.unlockIrqRestore(context, flags);
        return wasFresh;
    }

    private void start(ProcessContext context) {
        boolean flags = lock.lockIrqSave(context);
        if (!running) {
            running = true;
            fresh = false;
            if ((registers.read(context, STATUS) & STATUS_BUSY) == 0) {
                registers.write(context, COMMAND, COMMAND_START);
            }
        }
        lock.unlockIrqRestore(context, flags);
    }

    private int awaitFinish(ProcessContext context) {
        long left = finished.waitEventInterruptibleTimeout(context, () -> !isRunning(context), timeoutNanos);
        if (left > 0) {
            return 0;
        }
        return left == 0 ? giveUp(context) : (int) left;
    }

    private boolean isRunning(Context context) {
        boolean flags = lock.lockIrqSave(context);
        boolean answer = running;
        lock.unlockIrqRestore(context, flags);
        return answer;
    }

    /** The device did not interrupt in time. */
    private int giveUp(ProcessContext context) {
        boolean busy = (registers.read(context, STATUS) & STATUS_BUSY) != 0;
        log.error(busy ? "measurement does not finish, resetting the device" : "lost interrupt, resetting the device");
        registers.write(context, COMMAND, COMMAND_RESET);
        registers.write(context, INTERRUPT_ENABLE, INTERRUPT_DONE);
        boolean flags = lock.lockIrqSave(context);
        running = false;
        fresh = false;
        lock.unlockIrqRestore(context, flags);
        return -EIO;
    }

    /** The top half: saves what the next measurement would overwrite, quiets the line, leaves the rest to the tasklet. */
    InterruptResult interrupt(InterruptContext context) {
        int status = registers.read(context, STATUS);
        if (status == PULLED_OUT || (status & STATUS_INTERRUPT) == 0) {
            return InterruptResult.NONE;
        }
        int value = registers.read(context, DATA);
        if (value == PULLED_OUT && registers.read(context, STATUS) == PULLED_OUT) {
            return InterruptResult.NONE; // In between; all ones alone would be a temperature.
        }
        lock.lock(context);
        captured = value;
        lock.unlock(context);
        registers.write(context, INTERRUPT_ACKNOWLEDGE, INTERRUPT_DONE);
        bottomHalf.schedule(context);
        return InterruptResult.HANDLED;
    }

    /** The bottom half: publishes the result and wakes whoever waits for it. */
    private void complete(SoftirqContext context) {
        boolean flags = lock.lockIrqSave(context);
        latest = captured;
        fresh = true;
        running = false;
        lock.unlockIrqRestore(context, flags);
        finished.wakeUpInterruptible(context);
    }
}
