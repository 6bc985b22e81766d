// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENOMEM;

import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;
import kernel.core.execution.Task;

/**
 * Writes into the pages of a mapping (Linux: generic_perform_write, block_write_begin). Blocks get their places here, so that a full device is told to
 * the writer; what is around the bytes in a block comes from the device, or is zeroed where the block is new.
 *
 * <p>Bytes are copied under the page's lock, and without taking page faults: user memory is touched in before.
 */
final class PageWriter {
    /** The page has to be read first. */
    private static final int READ_FIRST = 1;

    private final FileMapping mapping;

    PageWriter(FileMapping mapping) {
        this.mapping = mapping;
    }

    /** Exactly one of {@code user} and {@code kernel} is there. A count or a negative errno. */
    long write(
            ProcessContext context,
            UserBuffer user,
            KernelBuffer kernel,
            long length,
            long position,
            FileMapping.Growth grow) {
        long size = mapping.blocks().sizeBytes();
        if (position > size) {
            int error = zeroTail(context, size);
            if (error != 0) {
                return error;
            }
        }
        long done = 0;
        while (done < length) {
            long at = position + done;
            int wanted = (int) Math.min(CachedPage.BYTES - (at & CachedPage.BYTES - 1), length - done);
            int reachable = user == null ? wanted : (int) ((Task) context).faultIn(user, done, wanted);
            long written =
                    reachable == 0 ? -EFAULT : new OnePage(context, at, reachable, grow).write(user, kernel, done);
            done += Math.max(0, written);
            if (written < wanted) {
                return done > 0 ? done : written;
            }
            mapping.cache().balanceDirty(context);
        }
        return done;
    }

    /** One write within one page. */
    private final class OnePage {
        private final ProcessContext context;
        private final long at;
        private final int offset;
        private final FileMapping.Growth grow;
        private final boolean[] isNew = new boolean[1];
        private int length;
        private CachedPage page;
        /** Blocks behind whose written part there are zeroes. */
        private int fresh;

        OnePage(ProcessContext context, long at, int length, FileMapping.Growth grow) {
            this.context = context;
            this.at = at;
            this.offset = (int) (at & CachedPage.BYTES - 1);
            this.length = length;
            this.grow = grow;
        }

        long write(UserBuffer user, KernelBuffer kernel, long done) {
            int error = lockPage();
            while (error == 0) {
                error = prepare();
                if (error == READ_FIRST) {
                    error = readFirst();
                } else if (error == 0) {
                    return copy(user, kernel, done);
                }
            }
            if (page != null) {
                mapping.unlock(context, page);
                mapping.release(page);
            }
            return error;
        }

        private int lockPage() {
            while (true) {
                page = mapping.findOrAdd(context, at >>> CachedPage.SHIFT);
                if (page == null) {
                    return -ENOMEM;
                }
                mapping.lock(context, page);
                if (!page.isRemoved()) {
                    return 0;
                }
                mapping.unlock(context, page);
                mapping.release(page);
            }
        }

        /** Has the page read; the lock is given up meanwhile, and the page may be another one afterwards. */
        private int readFirst() {
            mapping.reader().load(context, page);
            mapping.lock(context, page);
            if (page.isRemoved()) {
                mapping.unlock(context, page);
                mapping.release(page);
                return lockPage();
            }
            return page.isUpToDate() ? 0 : -EIO;
        }

        /** Sees to it that each touched block has a place, and that what is not written of it is valid: 0, READ_FIRST, or a negative errno. */
        private int prepare() {
            int blockBytes = mapping.blocks().blockBytes();
            int first = offset & -blockBytes;
            int last = offset + length - 1 & -blockBytes;
            // Before anything gets a place, which must not be left with garbage in it.
            return needsReading(first, blockBytes) || needsReading(last, blockBytes)
                    ? READ_FIRST
                    : givePlaces(first, last, blockBytes);
        }

        /** Whether of a block that is on the device only a part is written. */
        private boolean needsReading(int start, int blockBytes) {
            int sectors = CachedPage.sectors(start, blockBytes);
            long position = at - offset + start;
            boolean whole = offset <= start && offset + length >= start + blockBytes;
            if (whole
                    || (page.upToDate() & sectors) == sectors
                    || position >= mapping.blocks().sizeBytes()) {
                return false;
            }
            return (page.placed() & sectors) == sectors
                    || mapping.map(context, position / blockBytes, false) != FileBlocks.HOLE;
        }

        private int givePlaces(int first, int last, int blockBytes) {
            long size = mapping.blocks().sizeBytes();
            for (int start = first; start <= last; start += blockBytes) {
                int sectors = CachedPage.sectors(start, blockBytes);
                long position = at - offset + start;
                isNew[0] = false;
                if ((page.placed() & sectors) != sectors) {
                    long place = mapping.place(context, position / blockBytes, isNew);
                    if (place < 0 && start <= offset) {
                        return (int) place;
                    }
                    if (place < 0) {
                        // As much as there is room for; the next write is told.
                        length = start - offset;
                        return 0;
                    }
                    page.addPlaced(sectors);
                }
                if ((isNew[0] || position >= size) && (page.upToDate() & sectors) != sectors) {
                    fresh |= sectors;
                    mapping.memory().fill(page.physicalAddress() + start, blockBytes, (byte) 0);
                    page.addUpToDate(sectors);
                }
            }
            return 0;
        }

        private long copy(UserBuffer user, KernelBuffer kernel, long done) {
            try {
                int copied = length;
                if (user != null) {
                    copied -= (int)
                            ((Task) context).copyFrameFromUser(page.physicalAddress() + offset, user, done, length);
                } else {
                    kernel.drain(mapping.memory(), done, page.physicalAddress() + offset, length);
                }
                copied = keepValid(copied);
                if (copied == 0) {
                    return -EFAULT;
                }
                if (at + copied > mapping.blocks().sizeBytes()) {
                    grow.grewTo(at + copied);
                }
                mapping.markDirty(page, touched(copied) | fresh);
                page.touch();
                return copied;
            } finally {
                mapping.unlock(context, page);
                mapping.release(page);
            }
        }

        /** Marks what was overwritten whole as valid; a block that was not, and has nothing valid around, does not count as written. */
        private int keepValid(int copied) {
            int blockBytes = mapping.blocks().blockBytes();
            for (int start = offset & -blockBytes; start < offset + copied; start += blockBytes) {
                int sectors = CachedPage.sectors(start, blockBytes);
                if ((page.upToDate() & sectors) != sectors) {
                    if (offset + copied < start + blockBytes) {
                        return Math.max(0, start - offset);
                    }
                    page.addUpToDate(sectors);
                }
            }
            return copied;
        }

        private int touched(int copied) {
            int blockBytes = mapping.blocks().blockBytes();
            int start = offset & -blockBytes;
            int end = offset + copied + blockBytes - 1 & -blockBytes;
            return CachedPage.sectors(start, end - start);
        }
    }

    /** Zeroes from the end of the file to the end of that page, in memory and, by and by, on the device. 0 or a negative errno. */
    int zeroTail(ProcessContext context, long sizeBytes) {
        int inside = (int) (sizeBytes & CachedPage.BYTES - 1);
        if (inside == 0) {
            return 0;
        }
        CachedPage page = mapping.reader().page(context, sizeBytes >>> CachedPage.SHIFT);
        if (page == null) {
            return -ENOMEM;
        }
        mapping.lock(context, page);
        try {
            if (!page.isUpToDate()) {
                return -EIO;
            }
            int blockBytes = mapping.blocks().blockBytes();
            mapping.memory().fill(page.physicalAddress() + inside, CachedPage.BYTES - inside, (byte) 0);
            if ((inside & blockBytes - 1) != 0) {
                int sectors = CachedPage.sectors(inside & -blockBytes, blockBytes);
                // A hole stays one.
                boolean placed = (page.placed() & sectors) == sectors
                        || mapping.map(context, (sizeBytes & -blockBytes) / blockBytes, false) != FileBlocks.HOLE;
                if (placed) {
                    mapping.markDirty(page, sectors);
                }
            }
            return 0;
        } finally {
            mapping.unlock(context, page);
            mapping.release(page);
        }
    }

    /** The file ends within a page now: the rest of that is zero, and blocks that lie behind have no place. 0 or a negative errno. */
    int cut(ProcessContext context, long newSizeBytes) {
        int inside = (int) (newSizeBytes & CachedPage.BYTES - 1);
        if (inside == 0) {
            return 0;
        }
        int error = zeroTail(context, newSizeBytes);
        CachedPage page = mapping.find(newSizeBytes >>> CachedPage.SHIFT);
        if (page == null) {
            return error;
        }
        mapping.lock(context, page);
        mapping.awaitWriteback(context, page);
        int blockBytes = mapping.blocks().blockBytes();
        int kept = inside + blockBytes - 1 & -blockBytes;
        int behind = kept == CachedPage.BYTES ? 0 : CachedPage.sectors(kept, CachedPage.BYTES - kept);
        if (!page.isRemoved()) {
            mapping.clearDirty(page, behind);
            page.clearPlaced(behind);
        }
        mapping.unlock(context, page);
        mapping.release(page);
        return error;
    }
}
