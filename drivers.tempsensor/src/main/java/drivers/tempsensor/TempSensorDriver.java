// SPDX-License-Identifier: Apache-2.0
package drivers.tempsensor;

import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.PollEvents.POLLIN;
import static kernel.uapi.PollEvents.POLLRDNORM;

import java.nio.charset.StandardCharsets;
import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;
import kernel.api.device.CharacterDevice;
import kernel.api.device.DeviceDriver;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.lock.Mutex;
import kernel.api.wait.PollTable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/**
 * A temperature sensor as a character device: every read answers one fresh measurement as a line of text, such as
 * {@code 21.500}. Readers take turns, so that nobody gets another one's measurement.
 *
 * <p>Activation is the probe: it acquires what the driver needs. There is no remove to write: the device gives everything
 * back by itself.
 */
@Component(service = CharacterDevice.class, factory = DeviceDriver.FACTORY)
@DeviceDriver(name = "tempsensor", compatible = "ubend,tempsensor")
public final class TempSensorDriver implements CharacterDevice {
    private static final int MILLI = 1000;

    private final BoundDevice device;
    private final Measurement measurement;
    private final Mutex turn;

    /** Probe. Process context of insmod or of a hot-plug. */
    @Activate
    public TempSensorDriver(
            @Reference(name = "device", scope = ReferenceScope.PROTOTYPE_REQUIRED) BoundDevice device,
            TempSensorParameters parameters) {
        this.device = device;
        turn = device.mutex("tempsensor turn");
        measurement = new Measurement(device);
        measurement.initialise(device.initContext(), parameters.conversion_us());
        device.requestInterrupt(0, device.name(), measurement::interrupt);
        measurement.enableInterrupt(device.initContext());
        device.log().info("irq " + device.interruptNumber(0) + ", /dev/" + nodeName());
    }

    @Override
    public String driverName() {
        return "tempsensor";
    }

    @Override
    public int minor() {
        return device.instance();
    }

    /**
     * Measures and answers the line, cut off at the end of the buffer.
     *
     * @return bytes; -EAGAIN when non-blocking and there is no measurement to take yet (one has been started), -ERESTARTSYS
     *     after a signal, -ENODEV when the sensor has gone, -EIO when it does not answer, -EFAULT for a bad buffer
     */
    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        if (buffer.length() == 0) {
            return 0;
        }
        int error = file.isNonBlocking() ? takeTurnIfFree(context) : turn.lockInterruptible(context);
        if (error != 0) {
            return error;
        }
        byte[] line;
        try {
            error = file.isNonBlocking() ? measurement.takeOrStart(context) : measurement.measure(context);
            if (error != 0) {
                return error;
            }
            line = format(measurement.milliCelsius());
        } finally {
            turn.unlock(context);
        }
        int length = (int) Math.min(line.length, buffer.length());
        return context.copyToUser(buffer, 0, line, 0, length) == 0 ? length : -EFAULT;
    }

    private int takeTurnIfFree(ProcessContext context) {
        return turn.tryLock(context) ? 0 : -EAGAIN;
    }

    /** Readable when a measurement is waiting to be taken; asking starts one. */
    @Override
    public int poll(ProcessContext context, OpenFile file, PollTable table) {
        table.wait(measurement.finished());
        return measurement.isFreshOrStart(context) ? POLLIN | POLLRDNORM : 0;
    }

    /** Thousandths of a degree as degrees with three decimals. */
    static byte[] format(int milliCelsius) {
        int magnitude = Math.abs(milliCelsius);
        int decimals = magnitude % MILLI;
        String text = (milliCelsius < 0 ? "-" : "")
                + magnitude / MILLI
                + "."
                + (decimals < 100 ? "0" : "")
                + (decimals < 10 ? "0" : "")
                + decimals
                + "\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
