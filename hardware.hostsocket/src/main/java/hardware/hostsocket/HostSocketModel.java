// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import hardware.hostsocket.registers.HostSocketRegisters;
import hardware.hostsocket.registers.PortRegisters;
import hardware.machine.bus.DeviceEnvironment;
import hardware.machine.bus.DeviceModel;
import hardware.machine.interrupt.InterruptLine.Trigger;
import hardware.machine.time.VirtualTimeline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket of the host as a device: whoever connects to it outside gets a port. It does what {@code docs/hardware/hostsocket.md} says, also when it is
 * used wrongly. Thread-safe.
 */
public final class HostSocketModel implements DeviceModel {
    /** The stem of the names of such devices on the bus. */
    public static final String TYPE = "hostsocket";
    /** What drivers match on. */
    public static final String COMPATIBLE = "ubend,hostsocket";

    private final Outside outside;
    private final int portCount;
    /** Set once, before any access. */
    private Ports ports;

    /** @param portCount 1 to {@value HostSocketRegisters#PORTS_MAX} */
    public HostSocketModel(Outside outside, int portCount) {
        if (portCount < 1 || portCount > HostSocketRegisters.PORTS_MAX) {
            throw new IllegalArgumentException(
                    "ports is 1 to %d, not %d".formatted(HostSocketRegisters.PORTS_MAX, portCount));
        }
        this.outside = outside;
        this.portCount = portCount;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String compatible() {
        return COMPATIBLE;
    }

    @Override
    public int windowBytes() {
        return HostSocketRegisters.windowBytes(portCount);
    }

    /** @throws IllegalStateException when it cannot listen, or when runs of the machine are replayed and what comes from outside would not be */
    @Override
    public void attached(DeviceEnvironment environment) {
        if (environment.timeline() instanceof VirtualTimeline && !outside.isReproducible()) {
            throw new IllegalStateException(
                    TYPE + ": what the host sends cannot be replayed; not in deterministic mode");
        }
        List<Port> made = new ArrayList<>();
        for (int i = 0; i < portCount; i++) {
            made.add(new Port(i, environment, environment.interruptLine(Trigger.EDGE), outside));
        }
        ports = new Ports(made);
        try {
            outside.open(ports);
        } catch (IOException e) {
            throw new IllegalStateException(TYPE + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void detached() {
        ports.reset();
        outside.close();
    }

    @Override
    public int read32(int offset) {
        int port = portAt(offset);
        if (port >= 0) {
            return ports.get(port).read(offset);
        } else if (offset == HostSocketRegisters.ID.offset()) {
            return HostSocketRegisters.ID_VALUE;
        } else if (offset == HostSocketRegisters.VERSION.offset()) {
            return HostSocketRegisters.VERSION_VALUE;
        } else if (offset == HostSocketRegisters.PORTS.offset()) {
            return portCount;
        }
        return offset == HostSocketRegisters.TCP_PORT.offset() ? outside.tcpPort() : 0;
    }

    @Override
    public void write32(int offset, int value) {
        int port = portAt(offset);
        if (port >= 0) {
            ports.get(port).write(offset, value);
        }
    }

    /** The port whose register is there; negative for the device's own. */
    private static int portAt(int offset) {
        return Math.floorDiv(offset - PortRegisters.FIRST, PortRegisters.BYTES);
    }
}
