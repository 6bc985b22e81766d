// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

import hardware.machine.bus.MachineObserver;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The unit between devices and memory: each device has a {@linkplain IommuDomain domain}, and reaches what is mapped
 * there and nothing else. Switched off, it lets every device at all of memory. Thread-safe.
 */
public final class Iommu {
    /** How many faults are kept; older ones are only counted. */
    public static final int FAULT_LOG_LENGTH = 64;

    private final PhysicalMemory memory;
    private final boolean translating;
    private final ArrayDeque<DmaFault> faults = new ArrayDeque<>();
    private long faultCount;
    private volatile MachineObserver observer;

    /** @param translating false for a machine without protection: bus addresses are physical addresses */
    public Iommu(PhysicalMemory memory, boolean translating) {
        this.memory = memory;
        this.translating = translating;
    }

    public boolean isTranslating() {
        return translating;
    }

    /** The memory behind it. */
    public PhysicalMemory memory() {
        return memory;
    }

    /** Makes a domain for a device, with nothing mapped. */
    public IommuDomain newDomain(String device) {
        return new IommuDomain(this, device);
    }

    /** Who is told of DMA and of faults, or null. */
    public void observe(MachineObserver newObserver) {
        observer = newObserver;
    }

    /** How many accesses were refused since the machine was switched on. */
    public synchronized long faultCount() {
        return faultCount;
    }

    /** The last {@value #FAULT_LOG_LENGTH} refused accesses, oldest first. */
    public synchronized List<DmaFault> faults() {
        return List.copyOf(faults);
    }

    void moved(String device, long busAddress, long length, boolean toMemory) {
        MachineObserver current = observer;
        if (current != null) {
            current.dma(device, busAddress, length, toMemory);
        }
    }

    void refused(DmaFault fault) {
        synchronized (this) {
            faultCount++;
            if (faults.size() == FAULT_LOG_LENGTH) {
                faults.removeFirst();
            }
            faults.addLast(fault);
        }
        MachineObserver current = observer;
        if (current != null) {
            current.dmaFault(fault.device(), fault.busAddress(), fault.length(), fault.toMemory());
        }
    }
}
