// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static kernel.uapi.Errno.EMLINK;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOTEMPTY;
import static kernel.uapi.Errno.EPERM;

import kernel.api.block.BlockException;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileSystemException;

/** Gives files that exist further names in a directory, and takes names away (Linux: fs/ext2/namei.c). */
final class Names {
    /** The most names of a file, and the most directories in a directory but for two (Linux: EXT2_LINK_MAX). */
    static final int LINKS_MAX = 32000;

    private static final String PARENT = "..";

    private final Ext2Volume volume;
    private final InodeData inode;
    private final Directory directory;

    Names(Ext2Volume volume, InodeData inode, Directory directory) {
        this.volume = volume;
        this.inode = inode;
        this.directory = directory;
    }

    int link(ProcessContext context, byte[] name, InodeData file) {
        if (isKept(file)) {
            return -EPERM;
        }
        if (file.links >= LINKS_MAX) {
            return -EMLINK;
        }
        file.links++;
        file.changed = volume.state().now();
        volume.inodes().store(context, file);
        try {
            long _ = directory.add(context, name, file);
        } catch (FileSystemException | BlockException e) {
            file.links--;
            volume.inodes().store(context, file);
            throw e;
        }
        file.namedInEpoch = volume.order().epoch();
        return 0;
    }

    int unlink(ProcessContext context, byte[] name, InodeData file) {
        if (isKept(file) || inode.has(InodeField.FLAG_APPEND)) {
            return -EPERM;
        }
        if (file.links > 1 && file.namedInEpoch == volume.order().epoch()) {
            settle(context);
        }
        directory.remove(context, name);
        drop(context, file, 1);
        return 0;
    }

    int rmdir(ProcessContext context, byte[] name, Ext2Inode removed) {
        if (isKept(removed.data()) || inode.has(InodeField.FLAG_APPEND)) {
            return -EPERM;
        }
        if (!removed.directory().isEmpty(context)) {
            return -ENOTEMPTY;
        }
        directory.remove(context, name);
        dropDirectory(context, removed.data());
        inode.links = Math.max(inode.links - 1, 0);
        volume.inodes().store(context, inode);
        return 0;
    }

    int rename(
            ProcessContext context,
            byte[] name,
            Ext2Inode file,
            Ext2Inode newParent,
            byte[] newName,
            Ext2Inode replaced) {
        InodeData moved = file.data();
        if (isKept(moved)
                || inode.has(InodeField.FLAG_APPEND)
                || newParent.data().has(InodeField.FLAG_IMMUTABLE)) {
            return -EPERM;
        }
        if (replaced != null && isKept(replaced.data())) {
            return -EPERM;
        }
        boolean changesParent = moved.isDirectory() && newParent.data().number != inode.number;
        if (changesParent && replaced == null && newParent.data().links >= LINKS_MAX) {
            return -EMLINK;
        }
        if (replaced != null
                && replaced.data().isDirectory()
                && !replaced.directory().isEmpty(context)) {
            return -ENOTEMPTY;
        }
        long oldBlock = directory.blockOf(context, name);
        if (oldBlock == 0) {
            return -ENOENT;
        }
        long newBlock = replaced == null
                ? newParent.directory().add(context, newName, moved)
                : newParent.directory().replace(context, newName, moved);
        if (newBlock != oldBlock) {
            settleOrUndo(context, newParent, newName, replaced);
        }
        directory.remove(context, name);
        if (changesParent) {
            long _ = file.directory().replace(context, PARENT.getBytes(ISO_8859_1), newParent.data());
            moveLink(context, newParent.data());
        }
        moved.changed = volume.state().now();
        volume.inodes().store(context, moved);
        if (replaced != null) {
            dropReplaced(context, newParent.data(), replaced.data());
        }
        return 0;
    }

    /** The new name is to be durable before the old one goes; when that fails there is one name as before. */
    private void settleOrUndo(ProcessContext context, Ext2Inode newParent, byte[] newName, Ext2Inode replaced) {
        try {
            settle(context);
        } catch (FileSystemException e) {
            if (replaced == null) {
                newParent.directory().remove(context, newName);
            } else {
                long _ = newParent.directory().replace(context, newName, replaced.data());
            }
            throw e;
        }
    }

    private void moveLink(ProcessContext context, InodeData newParent) {
        inode.links = Math.max(inode.links - 1, 0);
        volume.inodes().store(context, inode);
        newParent.links++;
        volume.inodes().store(context, newParent);
    }

    private void dropReplaced(ProcessContext context, InodeData newParent, InodeData replaced) {
        if (replaced.isDirectory()) {
            dropDirectory(context, replaced);
            newParent.links = Math.max(newParent.links - 1, 0);
            volume.inodes().store(context, newParent);
        } else {
            drop(context, replaced, 1);
        }
    }

    /** A directory that has lost its name is empty to whoever still has it open: not even itself is in it. */
    private void dropDirectory(ProcessContext context, InodeData removed) {
        removed.size = 0;
        drop(context, removed, removed.links);
    }

    private void drop(ProcessContext context, InodeData file, int count) {
        if (file.links < count) {
            throw volume.state()
                    .damaged(context, "ext2_unlink", "inode #" + file.number + " has more names than links");
        }
        file.links -= count;
        file.changed = volume.state().now();
        volume.inodes().store(context, file);
    }

    private void settle(ProcessContext context) {
        int error = volume.order().settle(context);
        if (error < 0) {
            throw new FileSystemException(-error, "write");
        }
    }

    private static boolean isKept(InodeData file) {
        return file.has(InodeField.FLAG_IMMUTABLE) || file.has(InodeField.FLAG_APPEND);
    }
}
