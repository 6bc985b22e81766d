// SPDX-License-Identifier: Apache-2.0
package hardware.machine.bus;

import hardware.machine.interrupt.InterruptLine;
import hardware.machine.memory.IommuDomain;
import java.util.List;

/**
 * A device in its slot: the window through which processors reach it, and its lines.
 *
 * <p>After {@linkplain #isPresent() removal} reads give all ones and writes go nowhere, as on a bus whose card was
 * pulled.
 */
public final class BusDevice {
    private final String name;
    private final DeviceModel model;
    private final long baseAddress;
    private final int windowBytes;
    private final List<InterruptLine> lines;
    private final IommuDomain domain;
    private volatile boolean present = true;

    BusDevice(
            String name,
            DeviceModel model,
            long baseAddress,
            int windowBytes,
            List<InterruptLine> lines,
            IommuDomain domain) {
        this.name = name;
        this.model = model;
        this.baseAddress = baseAddress;
        this.windowBytes = windowBytes;
        this.lines = List.copyOf(lines);
        this.domain = domain;
    }

    public String name() {
        return name;
    }

    public String type() {
        return model.type();
    }

    public String compatible() {
        return model.compatible();
    }

    /** Where the register window begins in the physical address space. */
    public long baseAddress() {
        return baseAddress;
    }

    public int windowBytes() {
        return windowBytes;
    }

    public List<InterruptLine> interruptLines() {
        return lines;
    }

    /** What of memory the device may reach; a kernel maps and unmaps here. */
    public IommuDomain iommuDomain() {
        return domain;
    }

    public boolean isPresent() {
        return present;
    }

    /** How it can be broken; null when its model has nothing for that. */
    public FaultInjection faultInjection() {
        return model instanceof FaultInjection breakable ? breakable : null;
    }

    /**
     * Reads a register.
     *
     * @throws IllegalArgumentException a bus error: the offset is misaligned or outside the window
     */
    public int read32(int offset) {
        check(offset);
        return present ? model.read32(offset) : -1;
    }

    /**
     * Writes a register.
     *
     * @throws IllegalArgumentException a bus error: the offset is misaligned or outside the window
     */
    public void write32(int offset, int value) {
        check(offset);
        if (present) {
            model.write32(offset, value);
        }
    }

    void remove() {
        present = false;
        model.detached();
        domain.disconnect();
    }

    private void check(int offset) {
        if ((offset & 3) != 0 || offset < 0 || offset >= windowBytes) {
            throw new IllegalArgumentException(
                    "bus error: offset 0x%x of %s, window is 0x%x bytes".formatted(offset, name, windowBytes));
        }
    }

    @Override
    public String toString() {
        return "%s (%s) at 0x%x".formatted(name, compatible(), baseAddress);
    }
}
