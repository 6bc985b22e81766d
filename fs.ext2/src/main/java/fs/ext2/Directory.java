// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.ENOENT;

import kernel.api.block.BlockBuffers;
import kernel.api.context.ProcessContext;
import kernel.api.fs.DirectorySink;
import kernel.api.fs.FileSystemException;
import kernel.uapi.FileMode;

/** The names in a directory (Linux: fs/ext2/dir.c). A damaged block is EIO and a line in the log; nothing is changed in it. */
final class Directory {
    private static final int TYPE_UNKNOWN = 0;

    private final InodeData inode;
    private final BlockMap map;
    private final InodeTable table;
    private final Geometry geometry;
    private final BlockBuffers buffers;
    private final MountState state;
    private final boolean typed;
    /** Blocks before this one have no room for an entry of that length. */
    private long firstWithRoom;

    private int lengthWithoutRoom;

    Directory(Ext2Volume volume, InodeData inode, BlockMap map) {
        this.inode = inode;
        this.map = map;
        table = volume.inodes();
        geometry = volume.geometry();
        buffers = volume.buffers();
        state = volume.state();
        typed = volume.superblock().hasIncompatible(SuperblockField.INCOMPAT_FILETYPE);
    }

    /** The number of the name's inode, or 0. */
    long find(ProcessContext context, byte[] name) {
        for (long index = 0; index < blocks(); index++) {
            try (DirectoryBlock block = open(context, index)) {
                int offset = block.find(name);
                if (offset >= 0) {
                    return block.inode(offset);
                }
            }
        }
        return 0;
    }

    /**
     * Adds a name that is not there yet.
     *
     * @return the device's block that it is in now
     */
    long add(ProcessContext context, byte[] name, InodeData file) {
        prepareChange(context);
        int need = DirectoryBlock.recordLength(name.length);
        long first = need >= lengthWithoutRoom ? firstWithRoom : 0;
        for (long index = first; index < blocks(); index++) {
            long block = addTo(context, index, name, file);
            if (block != 0) {
                noRoomBefore(index, need);
                return block;
            }
        }
        long index = blocks();
        map.create(context, index, DirectoryBlock.empty(geometry.blockBytes()));
        inode.size += geometry.blockBytes();
        noRoomBefore(index, need);
        return addTo(context, index, name, file);
    }

    private long addTo(ProcessContext context, long index, byte[] name, InodeData file) {
        try (DirectoryBlock block = open(context, index)) {
            if (!block.add(name, file.number, typeOf(file))) {
                return 0;
            }
            changed(context);
            return block.block();
        }
    }

    private void noRoomBefore(long index, int length) {
        if (index != firstWithRoom || length < lengthWithoutRoom) {
            firstWithRoom = index;
            lengthWithoutRoom = length;
        }
    }

    /**
     * Lets a name that is there lead to another file.
     *
     * @return the device's block that it is in
     * @throws FileSystemException ENOENT
     */
    long replace(ProcessContext context, byte[] name, InodeData file) {
        prepareChange(context);
        for (long index = 0; index < blocks(); index++) {
            try (DirectoryBlock block = open(context, index)) {
                int offset = block.find(name);
                if (offset >= 0) {
                    block.replace(offset, file.number, typeOf(file));
                    changed(context);
                    return block.block();
                }
            }
        }
        throw new FileSystemException(ENOENT, "no such name");
    }

    /**
     * Takes a name away.
     *
     * @throws FileSystemException ENOENT
     */
    void remove(ProcessContext context, byte[] name) {
        prepareChange(context);
        for (long index = 0; index < blocks(); index++) {
            try (DirectoryBlock block = open(context, index)) {
                int offset = block.find(name);
                if (offset >= 0) {
                    block.remove(offset);
                    firstWithRoom = 0;
                    lengthWithoutRoom = 0;
                    changed(context);
                    return;
                }
            }
        }
        throw new FileSystemException(ENOENT, "no such name");
    }

    /** The device's block that a name is in; 0 when it is nowhere. */
    long blockOf(ProcessContext context, byte[] name) {
        for (long index = 0; index < blocks(); index++) {
            try (DirectoryBlock block = open(context, index)) {
                if (block.find(name) >= 0) {
                    return block.block();
                }
            }
        }
        return 0;
    }

    /** Whether there is nothing but itself and its parent in it. */
    boolean isEmpty(ProcessContext context) {
        for (long index = 0; index < blocks(); index++) {
            try (DirectoryBlock block = open(context, index)) {
                for (int offset = 0; offset < block.size(); offset = block.next(offset)) {
                    if (block.inode(offset) != 0 && !isDots(block, offset)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static boolean isDots(DirectoryBlock block, int offset) {
        int length = block.nameLength(offset);
        int at = DirectoryBlock.nameOffset(offset);
        byte[] bytes = block.bytes();
        return (length == 1 && bytes[at] == '.') || (length == 2 && bytes[at] == '.' && bytes[at + 1] == '.');
    }

    /** Hands out the entries from a position on; a position is the entry's offset in the directory. */
    void list(ProcessContext context, long position, DirectorySink sink) {
        int blockBytes = geometry.blockBytes();
        for (long index = Math.max(0, position) / blockBytes; index < blocks(); index++) {
            try (DirectoryBlock block = open(context, index)) {
                for (int offset = 0; offset < block.size(); offset = block.next(offset)) {
                    long at = index * blockBytes + offset;
                    boolean wanted = at >= position && block.inode(offset) != 0;
                    if (wanted
                            && !sink.add(
                                    block.bytes(),
                                    DirectoryBlock.nameOffset(offset),
                                    block.nameLength(offset),
                                    block.inode(offset),
                                    typed ? FileType.toDirent(block.type(offset)) : TYPE_UNKNOWN,
                                    index * blockBytes + block.next(offset))) {
                        return;
                    }
                }
            }
        }
    }

    private int typeOf(InodeData file) {
        return typed ? FileType.ofMode(file.mode & FileMode.S_IFMT) : TYPE_UNKNOWN;
    }

    private long blocks() {
        return inode.size / geometry.blockBytes();
    }

    private DirectoryBlock open(ProcessContext context, long index) {
        long position = index * geometry.blockBytes();
        long device = map.find(context, index);
        if (device == 0) {
            throw state.damaged(
                    context, "ext2_get_page", "directory #" + inode.number + " contains a hole at offset " + position);
        }
        DirectoryBlock block = new DirectoryBlock(buffers.read(context, device), geometry.blockBytes());
        String damage = block.damage(table, position);
        if (damage != null) {
            block.close();
            throw state.damaged(context, "ext2_check_page", "bad entry in directory #" + inode.number + ": " + damage);
        }
        return block;
    }

    /** An index by hashes that ext3 made is not kept up to date: without the flag the directory is a list, to everybody. */
    private void prepareChange(ProcessContext context) {
        if (inode.has(InodeField.FLAG_INDEX)) {
            inode.flags &= ~InodeField.FLAG_INDEX;
            table.store(context, inode);
        }
    }

    private void changed(ProcessContext context) {
        inode.modified = state.now();
        inode.changed = inode.modified;
        table.store(context, inode);
    }
}
