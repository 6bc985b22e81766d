// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

/** Cuts a bio into fragments that the device can take (Linux: block/blk-merge.c, bio_split_to_limits). One for each bio; keeps its place. */
final class Splitter {
    private final BlockBio bio;
    private long sector;
    private long left;
    private int piece;
    private int offset;

    Splitter(BlockBio bio) {
        this.bio = bio;
    }

    /** Begins at the bio's start. */
    void start(long firstSector) {
        sector = firstSector;
        left = bio.bytes();
        piece = 0;
        offset = 0;
    }

    boolean isAtEnd() {
        return left == 0;
    }

    /** The next one. */
    Fragment next(QueueLimits limits) {
        Fragment fragment = bio.newFragment();
        fragment.sector = sector;
        fragment.next = null;
        if (bio.operation().hasData()) {
            cutData(fragment, limits);
        } else {
            cutRange(fragment, limits);
        }
        sector += fragment.bytes >>> GenericDisk.SECTOR_SHIFT;
        left -= fragment.bytes;
        return fragment;
    }

    private void cutData(Fragment fragment, QueueLimits limits) {
        fragment.firstPiece = piece;
        fragment.firstOffset = offset;
        fragment.firstAddress = bio.address(piece) + offset;
        long room = Math.min(limits.maxBytes(), left);
        int segments = 0;
        long end = 0;
        long bytes = 0;
        while (bytes < room) {
            long address = bio.address(piece) + offset;
            if (segments == 0 || address != end) {
                if (segments > 0 && (segments == limits.maxSegments() || limits.isGap(end, address))) {
                    break;
                }
                segments++;
            }
            int rest = bio.length(piece) - offset;
            int taken = (int) Math.min(rest, room - bytes);
            bytes += taken;
            end = address + taken;
            if (taken < rest) {
                offset += taken;
            } else {
                piece++;
                offset = 0;
            }
        }
        fragment.bytes = bytes;
        fragment.segments = segments;
        fragment.endAddress = end;
    }

    /** What has no data is cut at multiples of what the device likes, where it can be. */
    private void cutRange(Fragment fragment, QueueLimits limits) {
        long room = limits.maxRange(bio.operation());
        long bytes = left;
        if (left > room) {
            bytes = room;
            long granularity = limits.granularity(bio.operation());
            long beyond = granularity == 0 ? 0 : ((sector << GenericDisk.SECTOR_SHIFT) + room) % granularity;
            if (beyond < bytes) {
                bytes -= beyond;
            }
        }
        fragment.bytes = bytes;
        fragment.segments = 0;
        fragment.firstAddress = 0;
        fragment.endAddress = 0;
    }
}
