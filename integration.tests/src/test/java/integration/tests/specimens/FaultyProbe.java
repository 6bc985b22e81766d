// SPDX-License-Identifier: Apache-2.0
package integration.tests.specimens;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EINTR;

import java.util.concurrent.locks.LockSupport;
import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;
import kernel.api.device.CharacterDevice;
import kernel.api.device.DeviceDriver;
import kernel.api.device.ProbeException;
import kernel.api.interrupt.InterruptResult;
import kernel.api.memory.Gfp;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** A driver whose probe acquires one of everything and then does what its parameter says. */
@Component(service = CharacterDevice.class, factory = DeviceDriver.FACTORY)
@DeviceDriver(name = "faulty", compatible = "ubend,tempsensor")
public final class FaultyProbe implements CharacterDevice {
    /** Set by the test, for {@code stuck}: the only thing that a probe of that kind listens to. */
    public static final String RELEASE_PROPERTY = "integration.tests.release";

    private static final long LOOK_NANOS = 1_000_000;

    /** The module's parameters, as the component gets them. */
    @interface Parameters {
        String fault() default "";
    }

    @Activate
    public FaultyProbe(
            @Reference(name = "device", scope = ReferenceScope.PROTOTYPE_REQUIRED) BoundDevice device,
            Parameters parameters) {
        ProcessContext context = device.initContext();
        device.requestInterrupt(0, device.name(), interrupt -> InterruptResult.NONE);
        device.allocate(4096, Gfp.KERNEL);
        device.timer("faulty", softirq -> {}).arm(context, Long.MAX_VALUE / 2);
        device.tasklet("faulty", softirq -> {}).schedule(context);
        device.work("faulty", work -> {}).queue(context);
        switch (parameters.fault()) {
            case "busy" -> throw new ProbeException(EBUSY, "somebody else has the sensor");
            case "exception" -> throw new IllegalStateException("this probe is broken");
            case "error" -> throw new NoSuchMethodError("of a kernel that this driver was not compiled for");
            case "asleep" -> {
                if (context.sleepInterruptible(Long.MAX_VALUE / 2) != 0) {
                    throw new ProbeException(EINTR, "woken by a signal");
                }
            }
            case "stuck" -> beStuck();
            default -> {}
        }
    }

    private static void beStuck() {
        while (System.getProperty(RELEASE_PROPERTY) == null) {
            LockSupport.parkNanos(LOOK_NANOS);
            boolean _ = Thread.interrupted();
        }
    }

    @Override
    public String driverName() {
        return "faulty";
    }

    @Override
    public int minor() {
        return 0;
    }
}
