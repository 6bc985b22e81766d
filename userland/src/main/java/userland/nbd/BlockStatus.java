// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import java.util.ArrayList;
import java.util.List;
import userland.nbd.Replies.Extent;

/**
 * Which parts of the disk read as zeroes. A block device does not tell what it has in store, so it is read: what is said is true, and a client that copies
 * is spared the zeroes.
 */
final class BlockStatus {
    /** Shorter stretches of zeroes are not worth an extent of their own. */
    private static final int GRAIN_BYTES = 64 * 1024;
    /** How much is looked at for one request. The answer may cover less than was asked for. */
    private static final long LOOKED_AT_MAX = 16L << 20;

    private final Disk disk;
    private final Buffers buffers;
    private final Zeroes zeroes;

    BlockStatus(Disk disk, Buffers buffers, Zeroes zeroes) {
        this.disk = disk;
        this.buffers = buffers;
        this.zeroes = zeroes;
    }

    /** Looks and answers. 0 or a positive errno, which is still to be answered. */
    int answer(DiskRequest request, Replies replies) {
        List<Extent> extents = new ArrayList<>();
        int error = look(request, extents);
        if (error == 0) {
            replies.blockStatus(request.cookie, extents);
        }
        return error;
    }

    private int look(DiskRequest request, List<Extent> extents) {
        boolean one = (request.flags & Protocol.CMD_FLAG_REQ_ONE) != 0;
        long end = request.offset + Math.min(request.length & 0xffff_ffffL, LOOKED_AT_MAX);
        long start = request.offset;
        int state = -1;
        long buffer = buffers.take(GRAIN_BYTES);
        try {
            for (long at = start; at < end; ) {
                // Grains begin at multiples of their size, so that an answer does not depend on where one asks from.
                long next = Math.min(end, at / GRAIN_BYTES * GRAIN_BYTES + GRAIN_BYTES);
                int block = disk.blockBytes();
                long from = at / block * block;
                int length = (int) ((next + block - 1) / block * block - from);
                int error = disk.read(buffer, from, length);
                if (error != 0) {
                    return error;
                }
                int here = zeroes.fill(buffer + (at - from), (int) (next - at)) ? Protocol.STATE_ZERO : 0;
                if (state >= 0 && here != state) {
                    extents.add(new Extent((int) (at - start), state));
                    start = at;
                    if (one) {
                        return 0;
                    }
                }
                state = here;
                at = next;
            }
        } finally {
            buffers.giveBack(buffer, GRAIN_BYTES);
        }
        extents.add(new Extent((int) (end - start), state));
        return 0;
    }
}
