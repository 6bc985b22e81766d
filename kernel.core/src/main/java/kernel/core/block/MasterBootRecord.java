// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.ArrayList;
import java.util.List;

/**
 * The partition table of a master boot record, with the chain of boot records that logical partitions are kept in (Linux: block/partitions/msdos.c).
 *
 * <pre>
 *   446  four entries of 16 bytes: +0 flag, +4 type, +8 first block, +12 blocks (little-endian)
 *   510  0x55 0xAA
 * </pre>
 */
final class MasterBootRecord {
    static final int TYPE_PROTECTIVE = 0xee;
    static final int TABLE = 446;
    static final int ENTRY_BYTES = 16;
    static final int ENTRIES = 4;

    private static final int SIGNATURE_OFFSET = 510;
    private static final int SIGNATURE = 0xaa55;
    private static final int FLAG_UNKNOWN = 0x7f;
    private static final int TYPE = 4;
    private static final int FIRST = 8;
    private static final int COUNT = 12;
    private static final int FIRST_LOGICAL = 5;
    /** A chain that is longer goes round in a circle (Linux stops there, too). */
    private static final int CHAIN_MAX = 100;
    /** What can be seen of an extended partition by itself: enough for a boot loader, too little to be taken for a file system. */
    private static final int EXTENDED_BYTES_SEEN = 1024;

    private MasterBootRecord() {}

    /** Whether a block has the signature of a boot record. */
    static boolean isBootRecord(byte[] block) {
        return LittleEndian.getUnsignedShort(block, SIGNATURE_OFFSET) == SIGNATURE;
    }

    static int type(byte[] block, int entry) {
        return block[TABLE + entry * ENTRY_BYTES + TYPE] & 0xff;
    }

    private static long first(byte[] block, int entry) {
        return LittleEndian.getUnsignedInt(block, TABLE + entry * ENTRY_BYTES + FIRST);
    }

    private static long count(byte[] block, int entry) {
        return LittleEndian.getUnsignedInt(block, TABLE + entry * ENTRY_BYTES + COUNT);
    }

    private static boolean isExtended(int type) {
        return type == 0x05 || type == 0x0f || type == 0x85;
    }

    /** What the first block of a disk says; null when it is no such table, or only protects another one. */
    static List<PartitionEntry> parse(BlockReader disk, byte[] block) {
        if (!isBootRecord(block)) {
            return null;
        }
        for (int i = 0; i < ENTRIES; i++) {
            int flag = block[TABLE + i * ENTRY_BYTES];
            if (type(block, i) == TYPE_PROTECTIVE || (flag & FLAG_UNKNOWN) != 0) {
                return null;
            }
        }
        List<PartitionEntry> entries = new ArrayList<>();
        int[] nextLogical = {FIRST_LOGICAL};
        for (int i = 0; i < ENTRIES; i++) {
            long count = count(block, i);
            if (count == 0 || type(block, i) == 0) {
                continue;
            }
            long first = first(block, i);
            if (isExtended(type(block, i))) {
                long seen = Math.max(1, EXTENDED_BYTES_SEEN / disk.blockBytes());
                entries.add(new PartitionEntry(i + 1, first, Math.min(count, seen)));
                followChain(disk, first, count, entries, nextLogical);
            } else {
                entries.add(new PartitionEntry(i + 1, first, count));
            }
        }
        return entries;
    }

    private static void followChain(
            BlockReader disk, long extendedFirst, long extendedCount, List<PartitionEntry> entries, int[] nextLogical) {
        long at = extendedFirst;
        for (int links = 0; links < CHAIN_MAX; links++) {
            byte[] block = disk.read(at, 1);
            if (block == null) {
                disk.warn("the chain of logical partitions cannot be read at block " + at);
                return;
            }
            if (!isBootRecord(block)) {
                disk.warn("the chain of logical partitions is broken at block " + at);
                return;
            }
            long next = -1;
            for (int i = 0; i < ENTRIES; i++) {
                long first = first(block, i);
                long count = count(block, i);
                if (count == 0 || type(block, i) == 0) {
                    continue;
                }
                if (isExtended(type(block, i))) {
                    next = next < 0 ? extendedFirst + first : next;
                } else if (i < 2 || at + first + count <= extendedFirst + extendedCount) {
                    entries.add(new PartitionEntry(nextLogical[0]++, at + first, count));
                }
            }
            if (next < 0) {
                return;
            }
            at = next;
        }
        disk.warn("the chain of logical partitions has no end");
    }
}
