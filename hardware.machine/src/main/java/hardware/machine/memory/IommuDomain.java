// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    /** What an unmap must match. */
    private record Range(long busAddress, long bytes) {}

    /** A mapping, and another of the same range, as may be without translation. */
    private record Noted(Mapping mapping, Noted next) {}

    final PageTable pages = new PageTable();
    private final Iommu iommu;
    private final String device;
    private final DmaPort port;
    private final Map<Range, Noted> mappings = new HashMap<>();
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
        long size = roundUp(bytes) + PhysicalMemory.FRAME_BYTES;
        boolean wrapped = false;
        for (long candidate = nextFree; ; ) {
            if (candidate > END_OF_BUS_ADDRESSES - size) {
                if (wrapped) {
                    throw new IllegalStateException("no free bus addresses for " + bytes + " bytes of " + device);
                }
                wrapped = true;
                candidate = FIRST_BUS_ADDRESS;
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
     */
    public synchronized long map(long physicalAddress, long bytes, DmaDirection direction) {
        long inPage = physicalAddress & PhysicalMemory.FRAME_BYTES - 1;
        long busAddress = iommu.isTranslating() ? allocate(inPage + bytes) + inPage : physicalAddress;
        map(busAddress, physicalAddress, bytes, direction);
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
            long frame = physicalAddress >>> PhysicalMemory.FRAME_SHIFT;
            for (long page = pageStart(busAddress); page < busAddress + bytes; page += PhysicalMemory.FRAME_BYTES) {
                pages.map(page, frame++, direction.permissions);
            }
        }
        Mapping mapping = new Mapping(busAddress, physicalAddress, bytes, direction);
        Range range = new Range(busAddress, bytes);
        mappings.put(range, new Noted(mapping, mappings.get(range)));
    }

    /**
     * Takes a mapping away, whole, as it was made.
     *
     * @return false when no mapping of that length begins there; nothing changes then
     */
    public synchronized boolean unmap(long busAddress, long bytes) {
        Range range = new Range(busAddress, bytes);
        Noted noted = mappings.remove(range);
        if (noted == null) {
            return false;
        }
        if (noted.next != null) {
            mappings.put(range, noted.next);
        }
        if (iommu.isTranslating()) {
            for (long page = pageStart(busAddress); page < busAddress + bytes; page += PhysicalMemory.FRAME_BYTES) {
                pages.unmap(page);
            }
        }
        return true;
    }

    /** Takes all mappings away. */
    public synchronized void unmapAll() {
        mappings.clear();
        pages.clear();
    }

    /** The mappings there are, in ascending order of bus address. */
    public synchronized List<Mapping> mappings() {
        List<Mapping> list = new ArrayList<>();
        for (Noted first : mappings.values()) {
            for (Noted noted = first; noted != null; noted = noted.next) {
                list.add(noted.mapping);
            }
        }
        list.sort(Comparator.comparingLong(Mapping::busAddress).thenComparingLong(Mapping::bytes));
        return list;
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
        long[] last = {-1};
        pages.forEach(busAddress, bytes, (page, entry) -> last[0] = page);
        return last[0];
    }

    private void check(long busAddress, long physicalAddress, long bytes) {
        if (bytes <= 0 || !iommu.memory().contains(physicalAddress, bytes)) {
            throw new IllegalArgumentException(
                    "no memory to map: %d bytes at physical address 0x%x".formatted(bytes, physicalAddress));
        }
        long mask = iommu.isTranslating() ? PhysicalMemory.FRAME_BYTES - 1 : -1;
        if ((busAddress & mask) != (physicalAddress & mask)
                || busAddress < 0
                || busAddress > END_OF_BUS_ADDRESSES - bytes) {
            throw new IllegalArgumentException("physical address 0x%x cannot be mapped at bus address 0x%x"
                    .formatted(physicalAddress, busAddress));
        }
    }

    private static long pageStart(long address) {
        return address & -PhysicalMemory.FRAME_BYTES;
    }

    private static long roundUp(long bytes) {
        return pageStart(bytes + PhysicalMemory.FRAME_BYTES - 1);
    }
}
