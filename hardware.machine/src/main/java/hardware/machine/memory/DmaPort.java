// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

import java.util.Objects;

/**
 * A device's way to memory, by bus addresses.
 *
 * <p>Each access is all or nothing: when a byte of the range may not be reached in that direction, it answers false,
 * has changed neither memory nor the caller's array, and the IOMMU logs a fault. The accesses of one int or long are
 * for rings and their indices: they must be aligned, a read acquires and a write releases, so that what was written
 * before an index is visible to who saw the index. Values are little-endian.
 *
 * <p>Thread-safe; an access is over before a mapping that it used is. Allocates nothing, except to log a fault.
 */
public final class DmaPort {
    private static final int OFFSET_MASK = PhysicalMemory.FRAME_BYTES - 1;

    private final Iommu iommu;
    private final PhysicalMemory memory;
    private final IommuDomain domain;

    DmaPort(Iommu iommu, IommuDomain domain) {
        this.iommu = iommu;
        this.domain = domain;
        memory = iommu.memory();
    }

    /** Moves bytes from memory to the device. */
    public boolean read(long busAddress, byte[] to, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, to.length);
        synchronized (domain) {
            if (!allows(busAddress, length, PageTable.READ, 1)) {
                return false;
            }
            for (int done = 0; done < length; ) {
                long address = busAddress + done;
                int piece = pieceAt(address, length - done);
                memory.read(physical(address, PageTable.READ), to, offset + done, piece);
                done += piece;
            }
        }
        iommu.moved(domain.device(), busAddress, length, false);
        return true;
    }

    /** Moves bytes from the device to memory. */
    public boolean write(long busAddress, byte[] from, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, from.length);
        synchronized (domain) {
            if (!allows(busAddress, length, PageTable.WRITE, 1)) {
                return false;
            }
            for (int done = 0; done < length; ) {
                long address = busAddress + done;
                int piece = pieceAt(address, length - done);
                memory.write(physical(address, PageTable.WRITE), from, offset + done, piece);
                done += piece;
            }
        }
        iommu.moved(domain.device(), busAddress, length, true);
        return true;
    }

    /** Reads one int into {@code to[index]}, with acquire. */
    public boolean readInt(long busAddress, int[] to, int index) {
        Objects.checkIndex(index, to.length);
        synchronized (domain) {
            if (!allows(busAddress, Integer.BYTES, PageTable.READ, Integer.BYTES)) {
                return false;
            }
            to[index] = memory.getIntAcquire(physical(busAddress, PageTable.READ));
        }
        iommu.moved(domain.device(), busAddress, Integer.BYTES, false);
        return true;
    }

    /** Writes one int, with release. */
    public boolean writeInt(long busAddress, int value) {
        synchronized (domain) {
            if (!allows(busAddress, Integer.BYTES, PageTable.WRITE, Integer.BYTES)) {
                return false;
            }
            memory.putIntRelease(physical(busAddress, PageTable.WRITE), value);
        }
        iommu.moved(domain.device(), busAddress, Integer.BYTES, true);
        return true;
    }

    /** Reads one long into {@code to[index]}, with acquire. */
    public boolean readLong(long busAddress, long[] to, int index) {
        Objects.checkIndex(index, to.length);
        synchronized (domain) {
            if (!allows(busAddress, Long.BYTES, PageTable.READ, Long.BYTES)) {
                return false;
            }
            to[index] = memory.getLongAcquire(physical(busAddress, PageTable.READ));
        }
        iommu.moved(domain.device(), busAddress, Long.BYTES, false);
        return true;
    }

    /** Writes one long, with release. */
    public boolean writeLong(long busAddress, long value) {
        synchronized (domain) {
            if (!allows(busAddress, Long.BYTES, PageTable.WRITE, Long.BYTES)) {
                return false;
            }
            memory.putLongRelease(physical(busAddress, PageTable.WRITE), value);
        }
        iommu.moved(domain.device(), busAddress, Long.BYTES, true);
        return true;
    }

    /** Whether the whole range may be reached; logs the fault if not. Under the domain's lock. */
    private boolean allows(long busAddress, int length, int permission, int alignment) {
        if (domain.disconnected) {
            return false;
        }
        if ((busAddress & alignment - 1) != 0) {
            return refuse(busAddress, length, permission, busAddress, DmaFault.Reason.MISALIGNED);
        }
        if (!iommu.isTranslating()) {
            return memory.contains(busAddress, length)
                    || refuse(busAddress, length, permission, busAddress, DmaFault.Reason.BEYOND_MEMORY);
        }
        for (int done = 0; done < length; ) {
            long address = busAddress + done;
            long physical = domain.pages.translate(address, permission);
            if (physical < 0) {
                boolean direction = physical == PageTable.FAULT_PROTECTION;
                DmaFault.Reason reason = direction ? DmaFault.Reason.DIRECTION : DmaFault.Reason.NOT_MAPPED;
                return refuse(busAddress, length, permission, address, reason);
            }
            done += pieceAt(address, length - done);
        }
        return true;
    }

    private boolean refuse(long busAddress, int length, int permission, long faultAddress, DmaFault.Reason reason) {
        boolean toMemory = permission == PageTable.WRITE;
        iommu.refused(new DmaFault(domain.device(), busAddress, length, toMemory, faultAddress, reason));
        return false;
    }

    private long physical(long busAddress, int permission) {
        return iommu.isTranslating() ? domain.pages.translate(busAddress, permission) : busAddress;
    }

    private static int pieceAt(long address, int rest) {
        return Math.min(rest, PhysicalMemory.FRAME_BYTES - (int) (address & OFFSET_MASK));
    }
}
