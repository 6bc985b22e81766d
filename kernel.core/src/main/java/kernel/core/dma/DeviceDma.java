// SPDX-License-Identifier: Apache-2.0
package kernel.core.dma;

import static kernel.uapi.Errno.EIO;

import hardware.machine.memory.DmaDirection;
import hardware.machine.memory.IommuDomain;
import hardware.machine.memory.IommuDomain.Mapping;
import java.util.List;
import kernel.api.context.Context;
import kernel.api.dma.CoherentMemory;
import kernel.api.dma.Dma;
import kernel.api.dma.ScatterList;
import kernel.api.memory.Gfp;
import kernel.api.memory.KernelMemory;
import kernel.core.execution.KernelContext;

/**
 * The way to memory of one bound device (Linux: dma_map_ops over an IOMMU domain). The domain notes every mapping for the hardware's sake, so the
 * checks of Linux's DMA debugging cost nothing here and are always on: whoever unmaps otherwise than he mapped is reported, and the mapping goes
 * whole, as it was made.
 */
public final class DeviceDma implements Dma {
    private final IommuDomain domain;
    private final DmaOwner owner;
    private final DmaReports reports;
    private volatile boolean closed;

    /** @param owner what the driver allocates is its */
    public DeviceDma(IommuDomain domain, DmaOwner owner, DmaReports reports) {
        this.domain = domain;
        this.owner = owner;
        this.reports = reports;
    }

    // ---- coherent memory

    @Override
    public CoherentMemory allocateCoherent(long sizeBytes, Gfp flags) {
        checkOpen();
        KernelMemory pages = owner.allocatePages(sizeBytes);
        if (pages == null) {
            return null;
        }
        long busAddress = domain.tryMap(pages.physicalAddress(), sizeBytes, DmaDirection.BIDIRECTIONAL);
        if (busAddress < 0) {
            owner.freePages(pages);
            return null;
        }
        CoherentBuffer buffer = new CoherentBuffer(this, pages, busAddress);
        owner.acquired(buffer, task -> free(buffer));
        return buffer;
    }

    @Override
    public void freeCoherent(CoherentMemory memory) {
        CoherentBuffer buffer = (CoherentBuffer) memory;
        if (buffer.dma() != this || !owner.givenBack(buffer)) {
            reports.notAllocated(null, domain.device(), buffer.busAddress(), buffer.sizeBytes());
            return;
        }
        free(buffer);
    }

    /** First the device can reach it no longer, then it is somebody else's. */
    private void free(CoherentBuffer buffer) {
        if (!domain.unmap(buffer.busAddress(), buffer.sizeBytes(), DmaDirection.BIDIRECTIONAL)) {
            reports.notAllocated(null, domain.device(), buffer.busAddress(), buffer.sizeBytes());
        }
        owner.freePages(buffer.pages());
    }

    // ---- streaming mappings

    @Override
    public long map(Context context, long physicalAddress, int bytes, DmaDirection direction) {
        checkOpen();
        if (bytes <= 0 || !owner.isMemory(physicalAddress, bytes)) {
            reports.notMemory(((KernelContext) context).cpu(), domain.device(), physicalAddress, bytes);
            return MAPPING_ERROR;
        }
        return domain.tryMap(physicalAddress, bytes, direction);
    }

    @Override
    public void unmap(Context context, long busAddress, int bytes, DmaDirection direction) {
        if (!domain.unmap(busAddress, bytes, direction)) {
            unmapOtherwise(context, busAddress, bytes, direction);
        }
    }

    /** There is no such mapping; if there is one that begins there, it goes, for the driver has parted with it. */
    private void unmapOtherwise(Context context, long busAddress, int bytes, DmaDirection direction) {
        if (busAddress == MAPPING_ERROR) {
            reports.unchecked(((KernelContext) context).cpu(), domain.device(), bytes, direction);
            return;
        }
        Mapping mapping = domain.mappingAt(busAddress);
        if (mapping == null || mapping.busAddress() != busAddress) {
            reports.notAllocated(((KernelContext) context).cpu(), domain.device(), busAddress, bytes);
            return;
        }
        domain.unmap(busAddress, mapping.bytes(), mapping.direction());
        if (mapping.bytes() != bytes) {
            reports.otherSize(((KernelContext) context).cpu(), domain.device(), mapping, bytes);
        } else {
            reports.otherDirection(((KernelContext) context).cpu(), domain.device(), mapping, direction);
        }
    }

    @Override
    public void syncForProcessor(Context context, long busAddress, int bytes, DmaDirection direction) {
        checkSync(context, busAddress, bytes, direction);
    }

    @Override
    public void syncForDevice(Context context, long busAddress, int bytes, DmaDirection direction) {
        checkSync(context, busAddress, bytes, direction);
    }

    /** Processor and device see one memory, so there is nothing to do but to check. */
    private void checkSync(Context context, long busAddress, int bytes, DmaDirection direction) {
        if (domain.isMapped(busAddress, bytes, direction)) {
            return;
        }
        if (busAddress == MAPPING_ERROR) {
            reports.unchecked(((KernelContext) context).cpu(), domain.device(), bytes, direction);
            return;
        }
        Mapping mapping = domain.mappingAt(busAddress);
        if (mapping == null) {
            reports.syncNotAllocated(((KernelContext) context).cpu(), domain.device(), busAddress, bytes);
        } else if (bytes <= 0 || bytes > mapping.busAddress() + mapping.bytes() - busAddress) {
            reports.syncOutside(((KernelContext) context).cpu(), domain.device(), mapping, busAddress, bytes);
        } else {
            reports.syncOtherDirection(((KernelContext) context).cpu(), domain.device(), mapping, direction);
        }
    }

    // ---- lists

    @Override
    public int map(Context context, ScatterList list, DmaDirection direction) {
        int pieces = list.size();
        for (int i = 0; i < pieces; i++) {
            long busAddress = map(context, list.physicalAddress(i), list.bytes(i), direction);
            if (busAddress == MAPPING_ERROR) {
                unmap(context, list, i, direction);
                return 0;
            }
            list.setBusAddress(i, busAddress);
        }
        return pieces;
    }

    @Override
    public void unmap(Context context, ScatterList list, DmaDirection direction) {
        unmap(context, list, list.size(), direction);
    }

    private void unmap(Context context, ScatterList list, int pieces, DmaDirection direction) {
        for (int i = 0; i < pieces; i++) {
            unmap(context, list.busAddress(i), list.bytes(i), direction);
        }
    }

    // ----

    @Override
    public int setMask(int bits) {
        checkOpen();
        return bits >= 1 && bits <= Long.SIZE && domain.limitAddressBits(bits) ? 0 : -EIO;
    }

    /**
     * The driver has gone and what it acquired has been given back: what it still has mapped is reported and unmapped, so that the device cannot
     * reach it any more. From now on nothing can be mapped.
     */
    public void close() {
        closed = true;
        List<Mapping> left = domain.mappings();
        if (!left.isEmpty()) {
            domain.unmapAll();
            reports.pending(null, domain.device(), left);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(
                    domain.device() + " is not bound any more: what is mapped for it now would never be unmapped");
        }
    }
}
