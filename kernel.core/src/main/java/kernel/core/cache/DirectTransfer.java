// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;

import kernel.api.block.Bio;
import kernel.api.block.BlockDevice;
import kernel.api.block.BlockOperation;
import kernel.api.context.ProcessContext;
import kernel.api.dma.ScatterList;
import kernel.api.file.UserBuffer;
import kernel.core.memory.PinnedPages;

/**
 * Moves bytes of a file between the device and the memory of a program, past the page cache (Linux: fs/direct-io.c). What the cache has of the range is
 * written before, and dropped where the device gets newer bytes; a hole or the end of a file takes the way through the cache. For one call.
 */
final class DirectTransfer {
    private static final int PAGES = 256;

    private final FileMapping mapping;
    private long firstSector;

    DirectTransfer(FileMapping mapping) {
        this.mapping = mapping;
    }

    private boolean isUnaligned(UserBuffer buffer, long position) {
        long mask = mapping.blocks().device().limits().logicalBlockBytes() - 1L;
        return ((buffer.address() | buffer.length() | position) & mask) != 0;
    }

    /** A count, 0 at the end, or a negative errno: EINVAL for what is not aligned to the device's blocks. */
    long read(ProcessContext context, UserBuffer buffer, long position) {
        if (isUnaligned(buffer, position)) {
            return -EINVAL;
        }
        long size = mapping.blocks().sizeBytes();
        if (position >= size) {
            return 0;
        }
        int error = mapping.writeAndWait(context, position, position + buffer.length());
        if (error != 0) {
            return error;
        }
        long wanted = Math.min(buffer.length(), size - position);
        long done = 0;
        while (done < wanted) {
            long run = run(context, position + done, wanted - done);
            long count = wholeSectors(run);
            long moved = run < 0
                    ? run
                    : count == 0
                            ? mapping.read(
                                    context,
                                    new ReadAhead(),
                                    rest(buffer, done, piece(position + done, wanted - done)),
                                    position + done)
                            : move(context, BlockOperation.READ, buffer, done, count);
            if (moved <= 0) {
                return done > 0 ? done : moved;
            }
            done += moved;
        }
        return done;
    }

    /** A count or a negative errno. The file's lock is held. */
    long write(ProcessContext context, UserBuffer buffer, long position, FileMapping.Growth grow) {
        if (isUnaligned(buffer, position)) {
            return -EINVAL;
        }
        long done = 0;
        while (done < buffer.length()) {
            long at = position + done;
            long inside = Math.max(0, mapping.blocks().sizeBytes() - at);
            long run = run(context, at, Math.min(buffer.length() - done, inside));
            long count = wholeSectors(run);
            long moved = run < 0
                    ? run
                    : count == 0
                            ? through(context, rest(buffer, done, piece(at, buffer.length() - done)), at, grow)
                            : past(context, buffer, done, at, count);
            if (moved <= 0) {
                return done > 0 ? done : moved;
            }
            done += moved;
        }
        return done;
    }

    private long past(ProcessContext context, UserBuffer buffer, long done, long at, long count) {
        int error = mapping.writeAndWait(context, at, at + count);
        if (error != 0) {
            return error;
        }
        mapping.invalidate(context, at, at + count);
        long moved = move(context, BlockOperation.WRITE, buffer, done, count);
        // Somebody may have read the old bytes meanwhile.
        mapping.invalidate(context, at, at + count);
        return moved;
    }

    /** What gets new places goes through the pages, and to the device at once. */
    private long through(ProcessContext context, UserBuffer buffer, long at, FileMapping.Growth grow) {
        long written = mapping.write(context, buffer, at, grow);
        if (written > 0) {
            int error = mapping.writeAndWait(context, at, at + written);
            mapping.invalidate(context, at, at + written);
            return error != 0 ? error : written;
        }
        return written;
    }

    /** Up to the end of the page: what goes through the cache does so page by page. */
    private static long piece(long at, long wanted) {
        return Math.min(wanted, CachedPage.BYTES - (at & (CachedPage.BYTES - 1)));
    }

    private static UserBuffer rest(UserBuffer buffer, long done, long length) {
        return new UserBuffer(buffer.address() + done, length);
    }

    private long wholeSectors(long bytes) {
        return bytes < 0
                ? 0
                : bytes & -(long) mapping.blocks().device().limits().logicalBlockBytes();
    }

    /** How many bytes from there on are neighbours on the device; 0 in a hole. Sets {@link #firstSector}. */
    private long run(ProcessContext context, long at, long wanted) {
        FileBlocks blocks = mapping.blocks();
        int blockBytes = blocks.blockBytes();
        long most = Math.min(wanted, (long) (PAGES - 1) * CachedPage.BYTES);
        long found = 0;
        long next = -1;
        while (found < most) {
            long position = at + found;
            long place = mapping.map(context, position / blockBytes, false);
            if (place < 0 && place != FileBlocks.HOLE) {
                return found > 0 ? found : place;
            }
            if (place == FileBlocks.HOLE || (next >= 0 && place != next)) {
                break;
            }
            if (next < 0) {
                firstSector = (place * blockBytes + position % blockBytes) >>> CachedPage.SECTOR_SHIFT;
            }
            next = place + 1;
            found += Math.min(blockBytes - position % blockBytes, most - found);
        }
        return found;
    }

    private long move(ProcessContext context, BlockOperation operation, UserBuffer buffer, long done, long count) {
        BlockDevice device = mapping.blocks().device();
        PinnedPages pinned = new PinnedPages(PAGES);
        ScatterList pieces = new ScatterList(PAGES);
        boolean reads = operation == BlockOperation.READ;
        long reached = pinned.pin(context, buffer.address() + done, count, reads, pieces);
        if (reached < 0) {
            return reached;
        }
        int error = -EFAULT;
        long whole = wholeSectors(reached);
        try {
            if (whole > 0) {
                Bio bio = device.newBio(PAGES).reset(operation, firstSector, 0);
                long left = whole;
                for (int i = 0; i < pieces.size() && left > 0; i++) {
                    int length = (int) Math.min(left, pieces.bytes(i));
                    if (!bio.add(pieces.physicalAddress(i), length)) {
                        break;
                    }
                    left -= length;
                }
                whole -= left;
                error = bio.submitAndWait(context);
            }
            return error != 0 ? error : whole;
        } finally {
            pinned.unpin(reads && error == 0);
        }
    }
}
