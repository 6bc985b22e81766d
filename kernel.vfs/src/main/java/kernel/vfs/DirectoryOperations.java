// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EISDIR;

import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.core.fs.FileDescription;
import kernel.uapi.Seek;

/** An open directory: getdents64 reads it, and nothing else; its position is where in the list that goes on. */
final class DirectoryOperations implements FileOperations {
    static final DirectoryOperations INSTANCE = new DirectoryOperations();

    private DirectoryOperations() {}

    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return -EISDIR;
    }

    /** The names of a directory on a disk are in the device's pages; in memory there is nothing to do. */
    @Override
    public int sync(ProcessContext context, OpenFile file, boolean dataOnly) {
        boolean onDisk = file instanceof FileDescription open
                && open.node() instanceof Place place
                && place.inode().disk() != null;
        if (!onDisk) {
            return 0;
        }
        DiskNode disk = ((Place) ((FileDescription) file).node()).inode().disk();
        return disk.fileSystem().syncDirectory(context, disk);
    }

    /** Goes to a position that getdents64 gave, or back to 0. */
    @Override
    public long seek(ProcessContext context, OpenFile file, long current, long offset, int whence) {
        long target = switch (whence) {
            case Seek.SEEK_SET -> offset;
            case Seek.SEEK_CUR -> current + offset;
            default -> -1;
        };
        return target < 0 ? -EINVAL : target;
    }
}
