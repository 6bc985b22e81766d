// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENOMEM;

import hardware.machine.memory.DmaDirection;
import hardware.ssd.registers.DatasetManagement;
import hardware.ssd.registers.NvmOpcode;
import kernel.api.block.BlockOperation;
import kernel.api.block.BlockRequest;
import kernel.api.context.Context;
import kernel.api.dma.Dma;

/** What the driver keeps with a tag of an I/O queue: the request, the mapping of its data, and the command made of it. */
final class IoCommand {
    private static final int SECTOR_SHIFT = 9;

    final CommandTicket ticket;
    private final RegionList regions;
    private BlockRequest request;
    private DmaDirection mapped;
    private int opcode;
    private long words10;
    private long words12;
    /** An abort has been sent for it; told and asked by who handles timeouts. */
    boolean aborted;

    IoCommand(int tag, RegionList regions) {
        ticket = new CommandTicket(tag);
        this.regions = regions;
    }

    BlockRequest request() {
        return request;
    }

    int opcode() {
        return opcode;
    }

    /** Makes the command of a request and maps its data. 0; -ENOMEM when it cannot be mapped, -EINVAL when the device cannot find it. */
    int prepare(Context context, Dma dma, BlockRequest newRequest) {
        request = newRequest;
        aborted = false;
        mapped = null;
        NamespaceFormat format = (NamespaceFormat) newRequest.disk().driverData();
        long block = newRequest.sector() >>> (format.blockShift() - SECTOR_SHIFT);
        int lastBlock = (int) (newRequest.bytes() >>> format.blockShift()) - 1;
        words10 = block;
        words12 = lastBlock & 0xffff_ffffL;
        switch (newRequest.operation()) {
            case READ -> opcode = NvmOpcode.READ;
            case WRITE -> {
                opcode = NvmOpcode.WRITE;
                words12 |= newRequest.isForcedUnitAccess() ? NvmOpcode.CDW12_FORCE_UNIT_ACCESS : 0;
            }
            case WRITE_ZEROES -> {
                opcode = NvmOpcode.WRITE_ZEROES;
                words12 |= NvmOpcode.CDW12_DEALLOCATE;
            }
            case DISCARD -> {
                opcode = NvmOpcode.DATASET_MANAGEMENT;
                regions.describeRange(QueuePair.words(0, lastBlock + 1), block);
                words10 = QueuePair.words(0, DatasetManagement.DEALLOCATE);
                words12 = 0;
            }
            case FLUSH -> {
                opcode = NvmOpcode.FLUSH;
                words10 = 0;
                words12 = 0;
            }
        }
        return newRequest.operation().hasData() ? map(context, dma) : 0;
    }

    private int map(Context context, Dma dma) {
        DmaDirection direction =
                request.operation() == BlockOperation.READ ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
        if (dma.map(context, request.data(), direction) == 0) {
            return -ENOMEM;
        }
        mapped = direction;
        if (regions.describe(request.data())) {
            return 0;
        }
        forget(context, dma);
        return -EINVAL;
    }

    /** Puts it into a queue. The device may complete it from now on. */
    void put(QueuePair queue) {
        int commandId = ticket.prepare();
        boolean pointers = request.operation().hasData() || request.operation() == BlockOperation.DISCARD;
        int namespace = ((NamespaceFormat) request.disk().driverData()).id();
        queue.put(
                opcode,
                commandId,
                namespace,
                pointers ? regions.first() : 0,
                pointers ? regions.second() : 0,
                words10,
                words12,
                0);
        ticket.issue(commandId);
    }

    /** The device is through with it: gives up the mapping, answers the request. By whoever took the ticket. */
    BlockRequest forget(Context context, Dma dma) {
        BlockRequest mine = request;
        if (mapped != null) {
            dma.unmap(context, mine.data(), mapped);
            mapped = null;
        }
        request = null;
        return mine;
    }
}
