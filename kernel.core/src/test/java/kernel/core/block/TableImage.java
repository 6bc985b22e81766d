// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.zip.CRC32;

/** Writes partition tables onto an array, as partitioning programs do. */
final class TableImage {
    private static final int BLOCK = 512;
    private static final int ENTRIES = 128;
    private static final int ENTRY_BLOCKS = ENTRIES * 128 / BLOCK;

    private final byte[] disk;

    TableImage(byte[] disk) {
        this.disk = disk;
    }

    long blocks() {
        return disk.length / BLOCK;
    }

    /** An entry of a master boot record, in the boot record of that block. */
    TableImage mbr(int block, int entry, int type, long first, long count) {
        int base = block * BLOCK;
        disk[base + 510] = 0x55;
        disk[base + 511] = (byte) 0xaa;
        int at = base + MasterBootRecord.TABLE + entry * MasterBootRecord.ENTRY_BYTES;
        disk[at + 4] = (byte) type;
        LittleEndian.putInt(disk, at + 8, (int) first);
        LittleEndian.putInt(disk, at + 12, (int) count);
        return this;
    }

    /** Both tables, with partitions given as first and last block in pairs; 0, 0 leaves an entry out. */
    TableImage gpt(long... ranges) {
        mbr(0, 0, MasterBootRecord.TYPE_PROTECTIVE, 1, blocks() - 1);
        long last = blocks() - 1;
        for (int i = 0; i < ranges.length / 2; i++) {
            for (long table : new long[] {2, last - ENTRY_BLOCKS}) {
                int at = (int) (table * BLOCK + i * 128L);
                if (ranges[2 * i + 1] != 0) {
                    LittleEndian.putLong(disk, at, 0x1234 + i);
                }
                LittleEndian.putLong(disk, at + 32, ranges[2 * i]);
                LittleEndian.putLong(disk, at + 40, ranges[2 * i + 1]);
            }
        }
        header(1, last, 2);
        header(last, 1, last - ENTRY_BLOCKS);
        return this;
    }

    private void header(long own, long other, long entries) {
        int at = (int) own * BLOCK;
        LittleEndian.putLong(disk, at, 0x5452_4150_2049_4645L);
        LittleEndian.putInt(disk, at + 8, 0x10000);
        LittleEndian.putInt(disk, at + 12, 92);
        LittleEndian.putLong(disk, at + 24, own);
        LittleEndian.putLong(disk, at + 32, other);
        LittleEndian.putLong(disk, at + 40, 2 + ENTRY_BLOCKS);
        LittleEndian.putLong(disk, at + 48, blocks() - 2 - ENTRY_BLOCKS);
        LittleEndian.putLong(disk, at + 72, entries);
        LittleEndian.putInt(disk, at + 80, ENTRIES);
        LittleEndian.putInt(disk, at + 84, 128);
        LittleEndian.putInt(disk, at + 88, checksum((int) entries * BLOCK, ENTRIES * 128));
        LittleEndian.putInt(disk, at + 16, 0);
        LittleEndian.putInt(disk, at + 16, checksum(at, 92));
    }

    private int checksum(int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(disk, offset, length);
        return (int) crc.getValue();
    }
}
