// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENOMEM;

import kernel.api.block.BlockOperation;
import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;
import kernel.core.execution.Task;

/** Reads a mapping: finds pages, or has them brought from the device, with more to come (Linux: filemap_read, page_cache_ra_order). */
final class PageReader {
    private final FileMapping mapping;

    PageReader(FileMapping mapping) {
        this.mapping = mapping;
    }

    /** Exactly one of {@code user} and {@code kernel} is there. A count or a negative errno. */
    long read(
            ProcessContext context,
            ReadAhead readAhead,
            UserBuffer user,
            KernelBuffer kernel,
            long length,
            long position) {
        long total = Math.min(length, mapping.blocks().sizeBytes() - position);
        long done = 0;
        while (done < total) {
            long at = position + done;
            int offset = (int) (at & CachedPage.BYTES - 1);
            long last = (position + total - 1) >>> CachedPage.SHIFT;
            long number = at >>> CachedPage.SHIFT;
            CachedPage page = page(context, readAhead, number, last - number + 1);
            if (page == null) {
                return done > 0 ? done : -ENOMEM;
            }
            // It may have been cut meanwhile.
            total = Math.min(total, mapping.blocks().sizeBytes() - position);
            int piece = (int) Math.min(CachedPage.BYTES - offset, total - done);
            long missed = piece;
            boolean upToDate = page.isUpToDate();
            if (upToDate && piece > 0) {
                missed = copyOut(context, user, kernel, done, page.physicalAddress() + offset, piece);
                page.touch();
            }
            mapping.release(page);
            if (piece <= 0) {
                break;
            }
            done += piece - missed;
            if (missed > 0) {
                return done > 0 ? done : upToDate ? -EFAULT : -EIO;
            }
            readAhead.read(number);
        }
        return done;
    }

    private long copyOut(
            ProcessContext context, UserBuffer user, KernelBuffer kernel, long done, long from, int length) {
        if (user != null) {
            return ((Task) context).copyFrameToUser(user, done, from, length);
        }
        kernel.fill(mapping.memory(), done, from, length);
        return 0;
    }

    /**
     * The page with a reference, up to date but for an error of the device. May sleep.
     *
     * @param wanted how many pages the reader is going to want, from this one on
     * @return null when there is no memory
     */
    CachedPage page(ProcessContext context, ReadAhead readAhead, long number, long wanted) {
        CachedPage page = mapping.find(number);
        if (page == null) {
            readAhead.miss(mapping, number, wanted);
            fetch(context, readAhead);
            page = mapping.findOrAdd(context, number);
        } else if (page.takeReadAhead() && readAhead.reachMark(mapping, number, wanted)) {
            fetch(context, readAhead);
        }
        return page == null || page.isUpToDate() ? page : fill(context, page);
    }

    /** A page as it is on the device, or zeroes where the file has none, with a reference; as {@link #page}, without read-ahead. */
    CachedPage page(ProcessContext context, long number) {
        CachedPage page = mapping.findOrAdd(context, number);
        return page == null || page.isUpToDate() ? page : fill(context, page);
    }

    /** Brings a page up to date, or waits for who does. Takes over a reference, and gives one. */
    private CachedPage fill(ProcessContext context, CachedPage first) {
        CachedPage page = first;
        boolean tried = false;
        while (true) {
            mapping.lock(context, page);
            boolean gone = page.isRemoved();
            if (gone || page.isUpToDate() || tried) {
                mapping.unlock(context, page);
                if (!gone) {
                    return page;
                }
                mapping.release(page);
                page = mapping.findOrAdd(context, page.index());
                if (page == null || page.isUpToDate()) {
                    return page;
                }
                tried = false;
            } else {
                load(context, page);
                tried = true;
            }
        }
    }

    /** Begins to read one page whose lock the caller holds and gives away; it is unlocked when it has been read. */
    void load(ProcessContext context, CachedPage page) {
        TransferBuilder builder = new TransferBuilder(mapping.transfers(), BlockOperation.READ);
        page.get();
        start(context, builder, page);
        builder.submit(context);
    }

    private void fetch(ProcessContext context, ReadAhead readAhead) {
        long end = Math.min(
                readAhead.start() + readAhead.size(),
                (mapping.blocks().sizeBytes() + CachedPage.BYTES - 1) >>> CachedPage.SHIFT);
        TransferBuilder builder = new TransferBuilder(mapping.transfers(), BlockOperation.READ);
        for (long number = readAhead.start(); number < end; number++) {
            CachedPage there = mapping.find(number);
            if (there != null) {
                mapping.release(there);
                continue;
            }
            CachedPage page = mapping.findOrAdd(context, number);
            if (page == null) {
                break;
            }
            if (number == readAhead.mark()) {
                page.setReadAhead();
            }
            if (!page.isUpToDate() && page.tryLock()) {
                if (page.isUpToDate() || page.isRemoved()) {
                    mapping.unlock(context, page);
                    mapping.release(page);
                } else {
                    start(context, builder, page);
                }
            } else {
                mapping.release(page);
            }
        }
        builder.submit(context);
    }

    /** Adds what is missing of a page to a transfer. Takes over a reference and the lock; both go when the page has been read. */
    private void start(ProcessContext context, TransferBuilder builder, CachedPage page) {
        FileBlocks blocks = mapping.blocks();
        int blockBytes = blocks.blockBytes();
        page.setError(false);
        page.addPiece(false);
        for (int offset = 0; offset < CachedPage.BYTES; offset += blockBytes) {
            int sectors = CachedPage.sectors(offset, blockBytes);
            if ((page.upToDate() & sectors) == sectors) {
                continue;
            }
            long position = (page.index() << CachedPage.SHIFT) + offset;
            long place = position >= blocks.sizeBytes()
                    ? FileBlocks.HOLE
                    : mapping.map(context, position / blockBytes, false);
            if (place == FileBlocks.HOLE) {
                mapping.memory().fill(page.physicalAddress() + offset, blockBytes, (byte) 0);
                page.addUpToDate(sectors);
            } else if (place < 0) {
                page.setError(true);
            } else {
                page.addPlaced(sectors);
                builder.add(context, page, offset, blockBytes, place * (blockBytes >> CachedPage.SECTOR_SHIFT));
            }
        }
        builder.endPage(context);
        if (page.endPiece(false)) {
            mapping.end(context, page, false);
        }
    }

    /** What lies behind the end of the file is zero, whatever the device had there. Any context; the page's lock is held. */
    void zeroBehindEnd(CachedPage page) {
        long start = page.index() << CachedPage.SHIFT;
        long inside = mapping.blocks().sizeBytes() - start;
        if (inside > 0 && inside < CachedPage.BYTES) {
            mapping.memory().fill(page.physicalAddress() + inside, CachedPage.BYTES - inside, (byte) 0);
        }
    }
}
