// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A GUID partition table: a header in block 1 with a copy in the last block, each with an array of entries and checksums over both (Linux:
 * block/partitions/efi.c; UEFI specification, chapter 5). The copy serves when the first one is damaged.
 */
final class GuidTable {
    private static final long SIGNATURE = 0x5452_4150_2049_4645L; // "EFI PART"
    private static final int HEADER_BYTES = 12;
    private static final int HEADER_CHECKSUM = 16;
    private static final int OWN_BLOCK = 24;
    private static final int OTHER_BLOCK = 32;
    private static final int FIRST_USABLE = 40;
    private static final int LAST_USABLE = 48;
    private static final int ENTRIES_BLOCK = 72;
    private static final int ENTRY_COUNT = 80;
    private static final int ENTRY_BYTES = 84;
    private static final int ENTRIES_CHECKSUM = 88;
    private static final int HEADER_BYTES_MIN = 92;

    private static final int ENTRY_SIZE = 128;
    /** 128 is usual; more than that many bytes are not read. */
    private static final int ENTRIES_BYTES_MAX = 1 << 20;

    private static final int ENTRY_FIRST = 32;
    private static final int ENTRY_LAST = 40;

    private final BlockReader disk;

    private GuidTable(BlockReader disk) {
        this.disk = disk;
    }

    /** A header that is right, and its entries. */
    private static final class Table {
        private final byte[] header;
        private final byte[] entries;

        Table(byte[] header, byte[] entries) {
            this.header = header;
            this.entries = entries;
        }

        long otherBlock() {
            return LittleEndian.getLong(header, OTHER_BLOCK);
        }
    }

    /**
     * What the disk's tables say.
     *
     * @param first its first block, which must hold a protective master boot record
     * @return null when there is no such table
     */
    static List<PartitionEntry> parse(BlockReader disk, byte[] first) {
        return isProtective(first) ? new GuidTable(disk).parse() : null;
    }

    private static boolean isProtective(byte[] block) {
        boolean found = false;
        for (int i = 0; i < MasterBootRecord.ENTRIES && MasterBootRecord.isBootRecord(block); i++) {
            found |= MasterBootRecord.type(block, i) == MasterBootRecord.TYPE_PROTECTIVE;
        }
        return found;
    }

    private List<PartitionEntry> parse() {
        long last = disk.blocks() - 1;
        Table primary = read(1);
        Table copy = primary == null || primary.otherBlock() == last ? null : read(primary.otherBlock());
        boolean copyElsewhere = copy != null;
        copy = copy == null ? read(last) : copy;
        if (primary == null && copy == null) {
            return null;
        }
        if (primary == null) {
            disk.warn("Primary GPT is invalid, using alternate GPT.");
        } else if (copy == null) {
            disk.warn("Alternate GPT is invalid, using primary GPT.");
        } else if (copyElsewhere) {
            disk.warn("GPT:Primary header thinks Alt. header is not at the end of the disk.");
            disk.warn("GPT:" + primary.otherBlock() + " != " + last);
        }
        return entries(primary == null ? copy : primary);
    }

    /** A table whose header is in that block; null unless everything about it is right. */
    private Table read(long block) {
        byte[] header = block < 1 ? null : disk.read(block, 1);
        if (header == null || LittleEndian.getLong(header, 0) != SIGNATURE) {
            return null;
        }
        long headerBytes = LittleEndian.getUnsignedInt(header, HEADER_BYTES);
        if (headerBytes < HEADER_BYTES_MIN || headerBytes > header.length) {
            return null;
        }
        int checksum = LittleEndian.getInt(header, HEADER_CHECKSUM);
        LittleEndian.putInt(header, HEADER_CHECKSUM, 0);
        if (checksum(header, (int) headerBytes) != checksum
                || LittleEndian.getLong(header, OWN_BLOCK) != block
                || !usableRangeIsRight(header)) {
            return null;
        }
        byte[] entries = readEntries(header);
        return entries == null ? null : new Table(header, entries);
    }

    private boolean usableRangeIsRight(byte[] header) {
        long first = LittleEndian.getLong(header, FIRST_USABLE);
        long last = LittleEndian.getLong(header, LAST_USABLE);
        return first >= 0 && last >= first && last < disk.blocks();
    }

    private byte[] readEntries(byte[] header) {
        long count = LittleEndian.getUnsignedInt(header, ENTRY_COUNT);
        long bytes = count * ENTRY_SIZE;
        if (LittleEndian.getUnsignedInt(header, ENTRY_BYTES) != ENTRY_SIZE || bytes == 0 || bytes > ENTRIES_BYTES_MAX) {
            return null;
        }
        int blocks = (int) ((bytes + disk.blockBytes() - 1) / disk.blockBytes());
        byte[] entries = disk.read(LittleEndian.getLong(header, ENTRIES_BLOCK), blocks);
        return entries != null && checksum(entries, (int) bytes) == LittleEndian.getInt(header, ENTRIES_CHECKSUM)
                ? entries
                : null;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static List<PartitionEntry> entries(Table table) {
        long count = LittleEndian.getUnsignedInt(table.header, ENTRY_COUNT);
        List<PartitionEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = i * ENTRY_SIZE;
            boolean used = (LittleEndian.getLong(table.entries, at) | LittleEndian.getLong(table.entries, at + 8)) != 0;
            if (used) {
                long first = LittleEndian.getLong(table.entries, at + ENTRY_FIRST);
                long last = LittleEndian.getLong(table.entries, at + ENTRY_LAST);
                entries.add(new PartitionEntry(i + 1, first, last - first + 1));
            }
        }
        return entries;
    }
}
