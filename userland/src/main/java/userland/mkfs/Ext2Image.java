// SPDX-License-Identifier: Apache-2.0
package userland.mkfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The contents of a new ext2, block by block (e2fsprogs: lib/ext2fs/initialize.c, mkdir.c). The superblock comes last: before it there is no file system. */
public final class Ext2Image {
    /** Takes what is to be written. */
    @FunctionalInterface
    public interface Sink {
        void write(long position, byte[] bytes);
    }

    private static final int MAGIC = 0xef53;
    private static final int SUPERBLOCK_BYTES = 1024;
    private static final int ROOT_INODE = 2;
    private static final int DIRECTORY = 0x4000;
    private static final int TYPE_DIRECTORY = 2;
    private static final int SECTOR_BYTES = 512;
    private static final int EXTRA_BYTES = 32;
    private static final int PIECE_BLOCKS = 16;

    private final Ext2Layout layout;
    private final Ext2Layout.Wish wish;
    private final byte[] uuid;
    private final int now;
    private final Sink sink;

    /**
     * Prepares.
     *
     * @param uuid 16 bytes
     * @param now seconds since the epoch
     */
    public Ext2Image(Ext2Layout layout, byte[] uuid, int now, Sink sink) {
        this.layout = layout;
        this.wish = layout.wish();
        this.uuid = uuid.clone();
        this.now = now;
        this.sink = sink;
    }

    /** Takes away what another file system may have left: nothing is there until the last step. */
    public void wipe() {
        sink.write(0, new byte[2 * SUPERBLOCK_BYTES]);
    }

    public void writeInodeTables() {
        for (int group = 0; group < layout.groups(); group++) {
            for (int block = 0; block < layout.tableBlocks(); block += PIECE_BLOCKS) {
                int count = Math.min(PIECE_BLOCKS, layout.tableBlocks() - block);
                put(layout.inodeTable(group) + block, new byte[count * wish.blockBytes()]);
            }
        }
        writeInode(ROOT_INODE, 0755, 3, layout.rootBlock(), 1);
        writeInode(Ext2Layout.FIRST_INODE, 0700, 2, layout.lostAndFoundBlock(), layout.lostAndFoundBlocks());
    }

    /** The root directory and lost+found. */
    public void writeDirectories() {
        byte[] found = "lost+found".getBytes(StandardCharsets.US_ASCII);
        byte[] root = new byte[wish.blockBytes()];
        entry(root, 0, 12, ROOT_INODE, new byte[] {'.'});
        entry(root, 12, 12, ROOT_INODE, new byte[] {'.', '.'});
        entry(root, 24, wish.blockBytes() - 24, Ext2Layout.FIRST_INODE, found);
        put(layout.rootBlock(), root);
        for (int i = 0; i < layout.lostAndFoundBlocks(); i++) {
            byte[] block = new byte[wish.blockBytes()];
            if (i == 0) {
                entry(block, 0, 12, Ext2Layout.FIRST_INODE, new byte[] {'.'});
                entry(block, 12, wish.blockBytes() - 12, ROOT_INODE, new byte[] {'.', '.'});
            } else {
                little(block).putShort(4, (short) wish.blockBytes());
            }
            put(layout.lostAndFoundBlock() + i, block);
        }
    }

    public void writeBitmaps() {
        for (int group = 0; group < layout.groups(); group++) {
            put(layout.blockBitmap(group), bitmap(layout.usedBlocks(group), layout.blocksIn(group)));
            put(layout.inodeBitmap(group), bitmap(layout.usedInodes(group), layout.inodesPerGroup()));
        }
    }

    /** Descriptors and superblocks, the copies first. */
    public void writeSuperblocks() {
        byte[] descriptors = descriptors();
        for (int group = layout.groups() - 1; group >= 0; group--) {
            if (layout.hasSuperblock(group)) {
                long block = layout.firstBlock(group);
                put(block + 1, descriptors);
                int offset = group == 0 && wish.blockBytes() > SUPERBLOCK_BYTES ? SUPERBLOCK_BYTES : 0;
                sink.write(block * wish.blockBytes() + offset, superblock(group));
            }
        }
    }

    private byte[] superblock(int group) {
        byte[] bytes = new byte[SUPERBLOCK_BYTES];
        ByteBuffer to = little(bytes);
        int log = Integer.numberOfTrailingZeros(wish.blockBytes() / 1024);
        long freeBlocks = 0;
        for (int i = 0; i < layout.groups(); i++) {
            freeBlocks += layout.blocksIn(i) - layout.usedBlocks(i);
        }
        to.putInt(0, (int) layout.inodes()).putInt(4, (int) layout.blocks());
        to.putInt(8, (int) layout.reservedBlocks()).putInt(12, (int) freeBlocks);
        to.putInt(16, (int) layout.inodes() - Ext2Layout.FIRST_INODE).putInt(20, (int) layout.firstBlock());
        to.putInt(24, log).putInt(28, log);
        to.putInt(32, layout.blocksPerGroup()).putInt(36, layout.blocksPerGroup());
        to.putInt(40, layout.inodesPerGroup());
        // Never mounted; no check after so many mounts; whole; on an error go on.
        to.putInt(48, now).putShort(54, (short) -1);
        to.putShort(56, (short) MAGIC).putShort(58, (short) 1).putShort(60, (short) 1);
        to.putInt(64, now).putInt(76, 1);
        to.putInt(84, Ext2Layout.FIRST_INODE).putShort(88, (short) wish.inodeBytes());
        to.putShort(90, (short) group);
        to.putInt(96, wish.fileTypes() ? Ext2Layout.FEATURE_FILETYPE : 0);
        to.putInt(
                100,
                (wish.sparse() ? Ext2Layout.FEATURE_SPARSE_SUPER : 0)
                        | (wish.largeFiles() ? Ext2Layout.FEATURE_LARGE_FILE : 0));
        to.put(104, uuid);
        to.put(120, wish.label().getBytes(StandardCharsets.UTF_8));
        to.putInt(264, now);
        if (wish.inodeBytes() > 128) {
            to.putShort(348, (short) EXTRA_BYTES).putShort(350, (short) EXTRA_BYTES);
        }
        return bytes;
    }

    private byte[] descriptors() {
        byte[] bytes = new byte[layout.descriptorBlocks() * wish.blockBytes()];
        ByteBuffer to = little(bytes);
        for (int group = 0; group < layout.groups(); group++) {
            int at = group * Ext2Layout.DESCRIPTOR_BYTES;
            to.putInt(at, (int) layout.blockBitmap(group));
            to.putInt(at + 4, (int) layout.inodeBitmap(group));
            to.putInt(at + 8, (int) layout.inodeTable(group));
            to.putShort(at + 12, (short) (layout.blocksIn(group) - layout.usedBlocks(group)));
            to.putShort(at + 14, (short) (layout.inodesPerGroup() - layout.usedInodes(group)));
            to.putShort(at + 16, (short) (group == 0 ? 2 : 0));
        }
        return bytes;
    }

    /** The first so many are used, and so is what there is not at all, behind the end. */
    private byte[] bitmap(int used, int count) {
        byte[] bits = new byte[wish.blockBytes()];
        Arrays.fill(bits, 0, used / Byte.SIZE, (byte) 0xff);
        bits[used / Byte.SIZE] |= (byte) ((1 << (used % Byte.SIZE)) - 1);
        if (count < wish.blockBytes() * Byte.SIZE) {
            bits[count / Byte.SIZE] |= (byte) (0xff << (count % Byte.SIZE));
            Arrays.fill(bits, count / Byte.SIZE + 1, bits.length, (byte) 0xff);
        }
        return bits;
    }

    private void writeInode(int number, int permissions, int links, long firstBlock, int blocks) {
        byte[] bytes = new byte[wish.inodeBytes()];
        ByteBuffer to = little(bytes);
        to.putShort(0, (short) (DIRECTORY | permissions)).putInt(4, blocks * wish.blockBytes());
        to.putInt(8, now).putInt(12, now).putInt(16, now);
        to.putShort(26, (short) links).putInt(28, blocks * (wish.blockBytes() / SECTOR_BYTES));
        for (int i = 0; i < blocks; i++) {
            to.putInt(40 + i * Integer.BYTES, (int) firstBlock + i);
        }
        if (wish.inodeBytes() > 128) {
            to.putShort(128, (short) EXTRA_BYTES).putInt(144, now);
        }
        long position = layout.inodeTable(0) * wish.blockBytes() + (number - 1L) * wish.inodeBytes();
        sink.write(position, bytes);
    }

    private void entry(byte[] block, int at, int length, int inode, byte[] name) {
        ByteBuffer to = little(block);
        to.putInt(at, inode).putShort(at + 4, (short) length).put(at + 6, (byte) name.length);
        to.put(at + 7, (byte) (wish.fileTypes() ? TYPE_DIRECTORY : 0)).put(at + 8, name);
    }

    private void put(long block, byte[] bytes) {
        sink.write(block * wish.blockBytes(), bytes);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
