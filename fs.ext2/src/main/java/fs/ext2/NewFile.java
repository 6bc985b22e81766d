// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.EMLINK;

import kernel.api.block.BlockException;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileAttributes;
import kernel.api.fs.FileSystemException;
import kernel.uapi.FileMode;

/** Makes files in a directory (Linux: fs/ext2/namei.c, ext2_create, ext2_mkdir, ext2_mknod, ext2_symlink; ialloc.c, ext2_new_inode). */
final class NewFile {
    private static final int S_ISGID = 02000;
    private static final int NANOS_PER_SECOND = 1_000_000_000;

    /** What a new inode gets before its name leads to it. */
    @FunctionalInterface
    private interface Content {
        void fill(InodeData file);
    }

    private final Ext2Volume volume;
    private final InodeData parent;
    private final Directory directory;

    NewFile(Ext2Volume volume, InodeData parent, Directory directory) {
        this.volume = volume;
        this.parent = parent;
        this.directory = directory;
    }

    /** A file of any type but a symbolic link. */
    long create(ProcessContext context, byte[] name, FileAttributes attributes) {
        boolean isDirectory = FileMode.isDirectory(attributes.mode);
        if (isDirectory && parent.links >= Names.LINKS_MAX) {
            throw new FileSystemException(EMLINK, "directory");
        }
        long number = make(context, name, attributes, file -> {
            if (isDirectory) {
                fillDirectory(context, file);
            } else if (file.isDevice()) {
                file.setDeviceNumber(attributes.deviceNumber);
            }
        });
        if (isDirectory) {
            parent.links++;
            volume.inodes().store(context, parent);
        }
        return number;
    }

    /** A symbolic link. */
    long link(ProcessContext context, byte[] name, byte[] target, FileAttributes attributes) {
        attributes.mode = FileMode.S_IFLNK | (attributes.mode & FileMode.PERMISSIONS);
        return make(context, name, attributes, file -> LinkTarget.write(context, volume, file, target));
    }

    private void fillDirectory(ProcessContext context, InodeData file) {
        int blockBytes = volume.geometry().blockBytes();
        boolean typed = volume.superblock().hasIncompatible(SuperblockField.INCOMPAT_FILETYPE);
        int type = typed ? FileType.ofMode(FileMode.S_IFDIR) : 0;
        byte[] content = DirectoryBlock.first(blockBytes, file.number, parent.number, type);
        long _ = new BlockMap(volume, file).create(context, 0, content);
        file.size = blockBytes;
        file.links = 2;
    }

    private long make(ProcessContext context, byte[] name, FileAttributes attributes, Content content) {
        boolean isDirectory = FileMode.isDirectory(attributes.mode);
        long number = isDirectory
                ? volume.inodeAllocator().allocateForDirectory(context, parent.number, isTop())
                : volume.inodeAllocator().allocateForFile(context, parent.number);
        InodeData file = birth(number, attributes);
        try {
            volume.inodes().storeNew(context, file);
            content.fill(file);
            volume.inodes().store(context, file);
            long _ = directory.add(context, name, file);
            return number;
        } catch (FileSystemException | BlockException e) {
            undo(context, file, isDirectory, e);
            throw e;
        }
    }

    private boolean isTop() {
        return parent.number == Geometry.ROOT_INODE || parent.has(InodeField.FLAG_TOP_DIRECTORY);
    }

    private InodeData birth(long number, FileAttributes attributes) {
        InodeData file = new InodeData(number);
        file.mode = attributes.mode & (FileMode.S_IFMT | FileMode.PERMISSIONS);
        file.user = attributes.user;
        file.group = attributes.group;
        if (volume.groupOfDirectory()) {
            file.group = parent.group;
        } else if ((parent.mode & S_ISGID) != 0) {
            file.group = parent.group;
            file.mode |= FileMode.isDirectory(file.mode) ? S_ISGID : 0;
        }
        file.links = 1;
        file.accessed = (int) Math.floorDiv(attributes.accessedNanos, NANOS_PER_SECOND);
        file.modified = (int) Math.floorDiv(attributes.modifiedNanos, NANOS_PER_SECOND);
        file.changed = (int) Math.floorDiv(attributes.changedNanos, NANOS_PER_SECOND);
        file.generation = volume.newGeneration();
        file.flags = parent.flags & InodeField.FLAGS_INHERITED & inheritable(file.mode);
        return file;
    }

    private static int inheritable(int mode) {
        if (FileMode.isDirectory(mode)) {
            return -1;
        }
        return FileMode.isRegular(mode)
                ? ~(InodeField.FLAG_DIRSYNC | InodeField.FLAG_TOP_DIRECTORY)
                : InodeField.FLAG_NODUMP | InodeField.FLAG_NOATIME;
    }

    /** No name leads to the inode: what it got goes back. What cannot be given back is lost until e2fsck finds it, and the log says so. */
    private void undo(ProcessContext context, InodeData file, boolean isDirectory, RuntimeException cause) {
        try {
            boolean hasBlocks = file.hasBlocks(volume.geometry().sectorsPerBlock());
            file.links = 0;
            file.size = 0;
            file.deleted = volume.state().now();
            if (hasBlocks) {
                new Truncation(volume, file).cutAt(context, 0);
            } else {
                volume.inodes().store(context, file);
            }
            volume.inodeAllocator().free(context, file.number, isDirectory);
        } catch (FileSystemException | BlockException e) {
            cause.addSuppressed(e);
            volume.state().warn("inode " + file.number + " could not be freed, running e2fsck is recommended");
        }
    }
}
