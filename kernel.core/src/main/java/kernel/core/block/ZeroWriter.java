// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.ENOMEM;

import hardware.machine.memory.PhysicalMemory;
import kernel.api.block.Bio;
import kernel.api.block.BlockOperation;
import kernel.api.context.ProcessContext;
import kernel.core.memory.PageAllocator;

/** Writes zeroes to a device that has no command for it: one page of them, again and again (Linux: __blkdev_issue_zero_pages). */
final class ZeroWriter {
    private static final int SEGMENTS = 64;

    private final BlockPart part;

    ZeroWriter(BlockPart part) {
        this.part = part;
    }

    /** May sleep. Returns 0 or a negative errno. */
    int write(ProcessContext context, long sector, long count) {
        PageAllocator pages = part.disk().layer().pages();
        long frame = pages.allocateZeroed();
        if (frame < 0) {
            return -ENOMEM;
        }
        try {
            return write(context, frame << PhysicalMemory.FRAME_SHIFT, sector, count << GenericDisk.SECTOR_SHIFT);
        } finally {
            pages.put(frame);
        }
    }

    private int write(ProcessContext context, long address, long sector, long bytes) {
        Bio bio = part.newBio(SEGMENTS);
        long at = sector;
        long left = bytes;
        while (left > 0) {
            bio.reset(BlockOperation.WRITE, at, 0);
            for (int i = 0; i < SEGMENTS && left > 0; i++) {
                int piece = (int) Math.min(left, PhysicalMemory.FRAME_BYTES);
                bio.add(address, piece);
                at += piece >> GenericDisk.SECTOR_SHIFT;
                left -= piece;
            }
            int error = bio.submitAndWait(context);
            if (error != 0) {
                return error;
            }
        }
        return 0;
    }
}
