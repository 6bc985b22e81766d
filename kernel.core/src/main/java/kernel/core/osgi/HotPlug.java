// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import hardware.machine.bus.BusDevice;
import hardware.machine.bus.BusListener;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.Kernel;
import kernel.core.device.DeviceBinding;
import kernel.core.execution.Task;
import kernel.core.log.LogLevel;

/**
 * Devices that come and go (Linux: pciehp, udevd). The bus tells on any thread; the work is done in process context, by a kernel thread or by
 * whoever holds the module mutex and wants to know the state of things.
 */
final class HotPlug implements BusListener {
    private record Event(BusDevice device, boolean arrived) {}

    private final Kernel kernel;
    private final ModuleLoader loader;
    private final DriverMatcher matcher;
    private final DeviceServices services;
    private final boolean autoload;
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unfinished = new AtomicInteger();

    HotPlug(Kernel kernel, ModuleLoader loader, DriverMatcher matcher, DeviceServices services, boolean autoload) {
        this.kernel = kernel;
        this.loader = loader;
        this.matcher = matcher;
        this.services = services;
        this.autoload = autoload;
    }

    @Override
    public void attached(BusDevice device) {
        enqueue(new Event(device, true));
    }

    @Override
    public void detached(BusDevice device) {
        enqueue(new Event(device, false));
    }

    private void enqueue(Event event) {
        unfinished.incrementAndGet();
        events.add(event);
        if (!kernel.isHalted()) {
            kernel.execution().startKernelThread("khotplug", this::work);
        }
    }

    private void work(Task self) {
        loader.mutex().lock(self);
        try {
            drain(self);
        } finally {
            loader.mutex().unlock(self);
        }
    }

    /** Deals with all that came and went. With the module mutex held. */
    void drain(Task task) {
        for (Event event = events.poll(); event != null; event = events.poll()) {
            try {
                if (event.arrived) {
                    arrived(task, event.device);
                } else {
                    gone(task, event.device);
                }
            } finally {
                unfinished.decrementAndGet();
            }
        }
    }

    boolean isSettled() {
        return unfinished.get() == 0;
    }

    private void arrived(Task task, BusDevice device) {
        kernel.log().print(LogLevel.INFO, "bus: new device " + device);
        services.publish(device);
        loader.match(task, device, autoload);
    }

    private void gone(Task task, BusDevice device) {
        DeviceBinding binding = kernel.devices().binding(device.name());
        if (binding != null && binding.busDevice() == device) {
            matcher.unbind(task, binding);
        }
        services.withdraw(device.name());
        kernel.log().print(LogLevel.INFO, "bus: " + device.name() + " removed");
    }
}
