// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EINVAL;

import hardware.machine.memory.PhysicalMemory;
import kernel.api.block.Bio;
import kernel.api.block.BlockOperation;
import kernel.api.context.Context;
import kernel.api.dma.ScatterList;
import kernel.core.execution.Task;
import kernel.core.fs.AsynchronousFile.End;
import kernel.core.memory.PinnedPages;

/**
 * One transfer between a program's own pages and a device, past the page cache (Linux: struct blkdev_dio). The pages are pinned until the device is done
 * with them. Kept by its device and used again.
 */
final class DirectIo {
    private final DirectIoPool pool;
    private final int pages;
    private final BlockBio bio;
    private final PinnedPages pins;
    private final ScatterList pieces;
    private final Bio.Handler completed = this::completed;
    private long bytes;
    private boolean write;
    private End end;
    /** The next one in the pool. */
    DirectIo next;

    DirectIo(DirectIoPool pool, BlockPart part, int pages) {
        this.pool = pool;
        this.pages = pages;
        bio = (BlockBio) part.newBio(pages);
        pins = new PinnedPages(pages);
        pieces = new ScatterList(pages);
    }

    /** How many pages, whole or in part, it takes. */
    int pages() {
        return pages;
    }

    /** How many pages a range of memory lies in. */
    static int pagesOf(long address, long bytes) {
        long inPage = address & PhysicalMemory.FRAME_BYTES - 1;
        return (int) ((inPage + bytes + PhysicalMemory.FRAME_BYTES - 1) >>> PhysicalMemory.FRAME_SHIFT);
    }

    /**
     * Pins the memory and prepares the bio. May sleep.
     *
     * @param blockBytes what is not whole blocks at the end, because the rest could not be reached, is left out
     * @return how many bytes it is about, or a negative errno, and nothing is pinned
     */
    long prepare(
            Task task, boolean isWrite, long address, long length, long position, boolean durable, int blockBytes) {
        pieces.clear();
        write = isWrite;
        long pinned = pins.pin(task, address, length, !isWrite, pieces);
        if (pinned < blockBytes) {
            pins.unpin(false);
            return pinned < 0 ? pinned : -EINVAL;
        }
        bytes = pinned & -(long) blockBytes;
        bio.reset(isWrite ? BlockOperation.WRITE : BlockOperation.READ, position >>> GenericDisk.SECTOR_SHIFT, 0);
        long left = bytes;
        for (int i = 0; i < pieces.size() && left > 0; i++) {
            int piece = (int) Math.min(left, pieces.bytes(i));
            bio.add(pieces.physicalAddress(i), piece);
            left -= piece;
        }
        if (durable) {
            bio.forcedUnitAccess();
        }
        return bytes;
    }

    /** Sends it and waits. Returns what {@link #prepare} said or a negative errno; it is back in its pool then. */
    long transfer(Task task) {
        int error = bio.submitAndWait(task);
        long result = error != 0 ? error : bytes;
        pins.unpin(!write && error == 0);
        pool.give(this);
        return result;
    }

    /** Sends it; the end is told, and it is back in its pool then. */
    void begin(Task task, End whom) {
        end = whom;
        bio.onCompletion(completed);
        bio.submit(task);
    }

    private void completed(Context context, Bio over) {
        long result = over.error() != 0 ? over.error() : bytes;
        pins.unpin(!write && over.error() == 0);
        End whom = end;
        end = null;
        pool.give(this);
        whom.ended(context, result);
    }
}
