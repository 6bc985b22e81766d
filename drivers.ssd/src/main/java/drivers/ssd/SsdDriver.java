// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;
import kernel.api.device.DeviceDriver;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/**
 * A solid state disk: its namespaces are disks, and there is nothing else to open.
 *
 * <p>Activation is the probe. What it acquires goes by itself; the one thing that must happen before is said to the device once: what is under way is
 * waited for, and the write cache is put on flash.
 */
@Component(service = SsdDriver.class, factory = DeviceDriver.FACTORY)
@DeviceDriver(name = "ssd", compatible = "ubend,ssd")
public final class SsdDriver {
    private final Controller controller;
    private final Namespaces namespaces;
    private final AsyncEvents events;

    /**
     * Probe. Process context of insmod or of a hot-plug.
     *
     * @throws kernel.api.device.ProbeException ENODEV, EIO, ETIMEDOUT when the controller does not start, ENOMEM
     */
    @Activate
    public SsdDriver(
            @Reference(name = "device", scope = ReferenceScope.PROTOTYPE_REQUIRED) BoundDevice device,
            SsdParameters parameters) {
        ProcessContext context = device.initContext();
        controller = new Controller(device, parameters);
        namespaces = new Namespaces(device, controller);
        events = new AsyncEvents(device, controller, namespaces);
        AdminPassthrough passthrough = new AdminPassthrough(controller, namespaces);
        controller.open(
                new SsdBlockDriver(controller, passthrough, device.log()),
                parameters,
                this::restarted,
                namespaces::removeAll);
        device.addAction("ssd remove", this::remove);
        device.log()
                .info("%s, serial %s, firmware %s, %d I/O queues of %d"
                        .formatted(
                                controller.identity().model(),
                                controller.identity().serial(),
                                controller.identity().firmware(),
                                controller.queueCount(),
                                controller.tags().depth()));
        namespaces.scan(context);
        events.arm(context);
    }

    /** After a reset: it has forgotten that it was to tell, and may have changed. */
    private void restarted(ProcessContext context) {
        events.arm(context);
        namespaces.scanLater(context);
    }

    private void remove(ProcessContext context) {
        events.stop(context);
        namespaces.stop(context);
        controller.remove(context);
    }
}
