// SPDX-License-Identifier: Apache-2.0
package drivers.hostsocket;

import static kernel.uapi.Errno.ENODEV;

import hardware.hostsocket.registers.HostSocketRegisters;
import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;
import kernel.api.device.CharacterDevice;
import kernel.api.device.DeviceDriver;
import kernel.api.device.IoMemory;
import kernel.api.device.ProbeException;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.wait.PollTable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** A host socket as character devices, one for each port: {@code hostsock0p0}, {@code hostsock0p1} and so on. */
@Component(service = CharacterDevice.class, factory = DeviceDriver.FACTORY)
@DeviceDriver(name = "hostsocket", compatible = "ubend,hostsocket")
public final class HostSocketDriver implements CharacterDevice {
    private final int instance;
    private final HostPort[] ports;

    /**
     * Probe. Process context of insmod or of a hot-plug.
     *
     * @throws ProbeException ENODEV when it is not the device that it says it is
     */
    @Activate
    public HostSocketDriver(@Reference(name = "device", scope = ReferenceScope.PROTOTYPE_REQUIRED) BoundDevice device) {
        IoMemory registers = device.registers();
        int count = registers.read(device.initContext(), HostSocketRegisters.PORTS);
        if (registers.read(device.initContext(), HostSocketRegisters.ID) != HostSocketRegisters.ID_VALUE
                || count < 1
                || count > HostSocketRegisters.PORTS_MAX) {
            throw new ProbeException(ENODEV, device.name() + " is no host socket");
        }
        instance = device.instance();
        ports = new HostPort[count];
        for (int i = 0; i < count; i++) {
            ports[i] = new HostPort(device, i);
            device.requestInterrupt(i, device.name() + "-p" + i, ports[i]::interrupt);
        }
        int tcpPort = registers.read(device.initContext(), HostSocketRegisters.TCP_PORT);
        device.log()
                .info("/dev/" + nodeName(minor()) + " to p" + (count - 1)
                        + (tcpPort == 0 ? "" : ", TCP port " + tcpPort + " of the host"));
    }

    @Override
    public String driverName() {
        return "hostsock";
    }

    @Override
    public int minor() {
        return instance * HostSocketRegisters.PORTS_MAX;
    }

    @Override
    public int minors() {
        return ports.length;
    }

    @Override
    public String nodeName(int minor) {
        return driverName() + instance + "p" + (minor - minor());
    }

    private HostPort port(OpenFile file) {
        return ports[file.minor() - minor()];
    }

    /**
     * Waits until somebody connects to the port; with O_NONBLOCK does not wait, and the file can be polled for it.
     *
     * @return 0; -EBUSY when it is open already, -ENOMEM, -ERESTARTSYS, -ENODEV
     */
    @Override
    public int open(ProcessContext context, OpenFile file) {
        return port(file).open(context, file.isNonBlocking());
    }

    /** Hangs up, after the peer has been given a while to take what was written. */
    @Override
    public void release(ProcessContext context, OpenFile file) {
        port(file).close(context);
    }

    /**
     * Answers what has come, at least a byte.
     *
     * @return bytes, 0 when the peer sends no more; -EAGAIN, -ERESTARTSYS, -EFAULT, -ENODEV, -ECONNRESET when the connection broke, -EIO when the
     *     device failed
     */
    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return port(file).read(context, buffer, file.isNonBlocking());
    }

    /**
     * Takes bytes to be sent, all of them unless something comes in between.
     *
     * @return bytes; -EPIPE when nobody is there to receive, -EAGAIN, -ERESTARTSYS, -EFAULT, -ENODEV
     */
    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return port(file).write(context, buffer, file.isNonBlocking());
    }

    @Override
    public int poll(ProcessContext context, OpenFile file, PollTable table) {
        return port(file).poll(table);
    }
}
