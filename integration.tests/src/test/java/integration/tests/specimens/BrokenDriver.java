// SPDX-License-Identifier: Apache-2.0
package integration.tests.specimens;

import hardware.tempsensor.registers.TempSensorRegisters;
import kernel.api.context.InterruptContext;
import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;
import kernel.api.device.CharacterDevice;
import kernel.api.device.DeviceDriver;
import kernel.api.device.IoMemory;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.interrupt.InterruptResult;
import kernel.api.lock.SpinLock;
import kernel.api.wait.WaitQueue;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** A driver whose read breaks the rule that its parameter names. */
@Component(service = CharacterDevice.class, factory = DeviceDriver.FACTORY)
@DeviceDriver(name = "broken", compatible = "ubend,tempsensor")
public final class BrokenDriver implements CharacterDevice {
    private static final int NONSENSE = -5000;
    private static final long NAP_NANOS = 1_000;

    private final IoMemory registers;
    private final SpinLock lock;
    private final WaitQueue never;
    private final String fault;
    private volatile ProcessContext kept;

    /** The module's parameters, as the component gets them. */
    @interface Parameters {
        String fault() default "";
    }

    @Activate
    public BrokenDriver(
            @Reference(name = "device", scope = ReferenceScope.PROTOTYPE_REQUIRED) BoundDevice device,
            Parameters parameters) {
        fault = parameters.fault();
        registers = device.registers();
        lock = device.spinLock("broken lock");
        never = device.waitQueue("broken wait");
        device.requestInterrupt(0, device.name(), this::interrupt);
    }

    @Override
    public String driverName() {
        return "broken";
    }

    @Override
    public int minor() {
        return 0;
    }

    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return switch (fault) {
            case "throws" -> throw new IllegalStateException("a bug in a driver");
            case "greedy" -> buffer.length() + 1;
            case "nonsense" -> NONSENSE;
            case "sleeps locked" -> sleepLocked(context);
            case "swallows" -> swallow(context);
            case "swallows asleep" -> swallowAsleep(context);
            case "keeps the lock" -> keepTheLock(context);
            case "keeps the context" -> keepTheContext(context);
            case "handler throws", "handler sleeps" -> provokeTheHandler(context);
            default -> never.waitEventInterruptible(context, () -> false);
        };
    }

    private long sleepLocked(ProcessContext context) {
        lock.lock(context);
        context.sleep(NAP_NANOS);
        lock.unlock(context);
        return 0;
    }

    private long swallow(ProcessContext context) {
        try {
            return sleepLocked(context);
        } catch (Throwable _) {
            return 0;
        }
    }

    private long swallowAsleep(ProcessContext context) {
        try {
            return never.waitEvent(context, () -> false);
        } catch (Throwable _) {
            return 0;
        }
    }

    private long keepTheLock(ProcessContext context) {
        lock.lock(context);
        return 0;
    }

    /** The first reader leaves its context to the second one. */
    private long keepTheContext(ProcessContext context) {
        if (kept == null) {
            kept = context;
            return never.waitEventInterruptible(context, () -> false);
        }
        kept.sleep(NAP_NANOS);
        return 0;
    }

    private long provokeTheHandler(ProcessContext context) {
        kept = context;
        registers.write(context, TempSensorRegisters.INTERRUPT_ENABLE, TempSensorRegisters.INTERRUPT_DONE);
        registers.write(context, TempSensorRegisters.COMMAND, TempSensorRegisters.COMMAND_START);
        return never.waitEventInterruptible(context, () -> false);
    }

    private InterruptResult interrupt(InterruptContext context) {
        if (fault.equals("handler sleeps")) {
            kept.sleep(NAP_NANOS);
        }
        throw new IllegalStateException("a bug in a handler");
    }
}
