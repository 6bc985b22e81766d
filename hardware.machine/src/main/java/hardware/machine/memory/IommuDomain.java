// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

import java.util.List;

/**
 * What of memory one device may reach, and at which bus addresses.
 *
 * <p>Protection is by pages of 4 KiB, as in real units: a device that may touch one byte of a page may touch all of it.
 * Bus addresses that {@link #allocate} gives are above any physical address, have a hole behind them and do not come
 * again until all have been used once; so a physical address given to a device, an overrun and the use of a mapping
 * that is gone are all faults.
 *
 * <p>Without translation bus addresses are physical ones; mappings are then only noted, for checks.
 *
 * <p>Mapping and unmapping allocate nothing on the Java heap, but for tables that grow with the number of mappings there are at once.
 *
 * <p>Thread-safe. An access of the device and a change exclude each other: when {@link #unmap} has returned, nothing
 * is read or written through that mapping any more.
 */
public final class IommuDomain {
    /** The first bus address that {@link #allocate} gives. */
    public static final long FIRST_BUS_ADDRESS = 1L << 40;
    /** The first address above those that {@link #allocate} gives. */
    public static final long END_OF_BUS_ADDRESSES = 1L << 47;

    /**
     * A mapping as it was made.
     *
     * @param busAddress of its first byte
     * @param physicalAddress of its first byte
     * @param bytes its length
     * @param direction which way data may move
     */
    public record Mapping(long busAddress, long physicalAddress, long bytes, DmaDirection direction) {}

    final BusPages pages = new BusPages();
    private final Iommu iommu;
    private final String device;
    private final DmaPort port;
    private final NotedMappings mappings = new NotedMappings();
    private long firstAddress = FIRST_BUS_ADDRESS;
    private long endOfAddresses = END_OF_BUS_ADDRESSES;
    private long nextFree = FIRST_BUS_ADDRESS;
    boolean disconnected;

    IommuDomain(Iommu iommu, String device) {
        this.iommu = iommu;
        this.device = device;
        port = new DmaPort(iommu, this);
    }

    /** The name of the device on the bus. */
    public String device() {
        return device;
    }

    /** What the device gets: the way to what is mapped here. */
    public DmaPort port() {
        return port;
    }

    /**
     * Says how many address bits the device has. Without a limit, and with one of 48 bits or more, bus addresses are from {@link #FIRST_BUS_ADDRESS}
     * on; else they are those that the device can reach, above physical memory if it leaves room for that.
     *
     * @param bits 1 to 64
     * @return false when there are no such addresses, or without translation when the device cannot reach all of memory; nothing changes then
     */
    public synchronized boolean limitAddressBits(int bits) {
        if (bits < 1 || bits > Long.SIZE) {
            throw new IllegalArgumentException("a device has 1 to 64 address bits, not " + bits);
        }
        long end = bits >= Long.SIZE - 1 ? Long.MAX_VALUE : 1L << bits;
        if (!iommu.isTranslating()) {
            return iommu.memory().sizeBytes() <= end;
        }
        end = Math.min(end, END_OF_BUS_ADDRESSES);
        long first = FIRST_BUS_ADDRESS;
        if (end <= first) {
            long memoryBytes = iommu.memory().sizeBytes();
            first = memoryBytes < end ? memoryBytes : PhysicalMemory.FRAME_BYTES;
        }
        if (end - first < 2L * PhysicalMemory.FRAME_BYTES) {
            return false;
        }
        firstAddress = first;
        endOfAddresses = end;
        nextFree = first;
        return true;
    }

    /**
     * Finds bus addresses that nothing is mapped at, and answers the first, at the start of a page. They are the
     * caller's to map; without translation there is nothing to find, and the answer is 0.
     *
     * @param bytes positive
     * @throws IllegalStateException when there is no such free range
     */
    public synchronized long allocate(long bytes) {
        if (bytes <= 0 || bytes > END_OF_BUS_ADDRESSES - FIRST_BUS_ADDRESS) {
            throw new IllegalArgumentException("cannot map " + bytes + " bytes");
        }
        if (!iommu.isTranslating()) {
            return 0;
        }
        long found = findFree(bytes);
        if (found < 0) {
            throw new IllegalStateException("no free bus addresses for " + bytes + " bytes of " + device);
        }
        return found;
    }

    /** Onwards from the last range that was given, and once around; -1 when there is none. */
    private long findFree(long bytes) {
        long size = roundUp(bytes) + PhysicalMemory.FRAME_BYTES;
        boolean wrapped = false;
        for (long candidate = nextFree; ; ) {
            if (candidate > endOfAddresses - size) {
                if (wrapped) {
                    return -1;
                }
                wrapped = true;
                candidate = firstAddress;
                if (candidate > endOfAddresses - size) {
                    return -1;
                }
            }
            long used = lastUsedPage(candidate, size);
            if (used < 0) {
                nextFree = candidate + size;
                return candidate;
            }
            candidate = used + 2L * PhysicalMemory.FRAME_BYTES;
        }
    }

    /**
     * Maps memory at bus addresses of the map's own choice: {@link #allocate} and the other {@code map} in one.
     *
     * @return the bus address of the first byte; without translation the physical address
     * @throws IllegalArgumentException the range is not memory
     * @throws IllegalStateException when there are no free bus addresses
     */
    public synchronized long map(long physicalAddress, long bytes, DmaDirection direction) {
        long busAddress = tryMap(physicalAddress, bytes, direction);
        if (busAddress < 0) {
            throw new IllegalStateException("no free bus addresses for " + bytes + " bytes of " + device);
        }
        return busAddress;
    }

    /** As {@link #map(long, long, DmaDirection)}, but answers -1 when there are no free bus addresses. */
    public synchronized long tryMap(long physicalAddress, long bytes, DmaDirection direction) {
        checkMemory(physicalAddress, bytes);
        long busAddress = physicalAddress;
        if (iommu.isTranslating()) {
            long inPage = physicalAddress & PhysicalMemory.FRAME_BYTES - 1;
            long page = findFree(inPage + bytes);
            if (page < 0) {
                return -1;
            }
            busAddress = page + inPage;
        }
        enter(busAddress, physicalAddress, bytes, direction);
        return busAddress;
    }

    /**
     * Lets the device reach a range of memory; all pages that it touches become reachable.
     *
     * @param busAddress where the device finds it; as far into its page as {@code physicalAddress}, and without
     *     translation equal to it
     * @param bytes positive
     * @throws IllegalArgumentException the range is not memory or the addresses do not fit together; nothing is mapped
     * @throws IllegalStateException one of the pages is mapped already; nothing is mapped
     */
    public synchronized void map(long busAddress, long physicalAddress, long bytes, DmaDirection direction) {
        check(busAddress, physicalAddress, bytes);
        if (iommu.isTranslating()) {
            long used = lastUsedPage(busAddress, bytes);
            if (used >= 0) {
                throw new IllegalStateException("bus address 0x%x of %s is mapped already".formatted(used, device));
            }
        }
        enter(busAddress, physicalAddress, bytes, direction);
    }

    private void enter(long busAddress, long physicalAddress, long bytes, DmaDirection direction) {
        if (iommu.isTranslating()) {
            long frame = physicalAddress >>> PhysicalMemory.FRAME_SHIFT;
            long last = (busAddress + bytes - 1) >>> PhysicalMemory.FRAME_SHIFT;
            for (long page = busAddress >>> PhysicalMemory.FRAME_SHIFT; page <= last; page++) {
                pages.add(page, frame++, direction.permissions);
            }
        }
        mappings.add(busAddress, physicalAddress, bytes, direction);
    }

    /**
     * Takes a mapping away, whole, as it was made.
     *
     * @return false when no mapping of that length begins there; nothing changes then
     */
    public synchronized boolean unmap(long busAddress, long bytes) {
        return leave(busAddress, bytes, null);
    }

    /**
     * Takes a mapping away, whole, as it was made.
     *
     * @return false when no mapping of that length and direction begins there; nothing changes then
     */
    public synchronized boolean unmap(long busAddress, long bytes, DmaDirection direction) {
        return leave(busAddress, bytes, direction);
    }

    private boolean leave(long busAddress, long bytes, DmaDirection direction) {
        if (!mappings.remove(busAddress, bytes, direction)) {
            return false;
        }
        if (iommu.isTranslating()) {
            long last = (busAddress + bytes - 1) >>> PhysicalMemory.FRAME_SHIFT;
            for (long page = busAddress >>> PhysicalMemory.FRAME_SHIFT; page <= last; page++) {
                pages.remove(page);
            }
        }
        return true;
    }

    /** Whether all of a range lies in one mapping of that direction. */
    public synchronized boolean isMapped(long busAddress, long bytes, DmaDirection direction) {
        return mappings.covers(busAddress, bytes, direction);
    }

    /** A mapping that has that bus address, one that begins there before others; null when there is none. */
    public synchronized Mapping mappingAt(long busAddress) {
        return mappings.at(busAddress);
    }

    /** Takes all mappings away. */
    public synchronized void unmapAll() {
        mappings.clear();
        pages.clear();
    }

    /** The mappings there are, in ascending order of bus address. */
    public synchronized List<Mapping> mappings() {
        return mappings.list();
    }

    /**
     * The device has gone: from now on its port answers no access, and silently, for there is nobody to blame. Mappings
     * stay until whoever made them takes them away.
     */
    public synchronized void disconnect() {
        disconnected = true;
    }

    /** The address of the last used page that the range touches, or -1. */
    private long lastUsedPage(long busAddress, long bytes) {
        long last = pages.lastIn(
                busAddress >>> PhysicalMemory.FRAME_SHIFT, (busAddress + bytes - 1) >>> PhysicalMemory.FRAME_SHIFT);
        return last < 0 ? -1 : last << PhysicalMemory.FRAME_SHIFT;
    }

    private void check(long busAddress, long physicalAddress, long bytes) {
        checkMemory(physicalAddress, bytes);
        long mask = iommu.isTranslating() ? PhysicalMemory.FRAME_BYTES - 1 : -1;
        if ((busAddress & mask) != (physicalAddress & mask)
                || busAddress < 0
                || busAddress > END_OF_BUS_ADDRESSES - bytes) {
            throw new IllegalArgumentException("physical address 0x%x cannot be mapped at bus address 0x%x"
                    .formatted(physicalAddress, busAddress));
        }
    }

    private void checkMemory(long physicalAddress, long bytes) {
        if (bytes <= 0 || !iommu.memory().contains(physicalAddress, bytes)) {
            throw new IllegalArgumentException(
                    "no memory to map: %d bytes at physical address 0x%x".formatted(bytes, physicalAddress));
        }
    }

    private static long pageStart(long address) {
        return address & -PhysicalMemory.FRAME_BYTES;
    }

    private static long roundUp(long bytes) {
        return pageStart(bytes + PhysicalMemory.FRAME_BYTES - 1);
    }
}
