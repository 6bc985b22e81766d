// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EFBIG;
import static kernel.uapi.Errno.EROFS;
import static kernel.uapi.Errno.ESTALE;
import static kernel.uapi.OpenFlags.O_APPEND;
import static kernel.uapi.OpenFlags.O_DIRECT;
import static kernel.uapi.OpenFlags.O_DSYNC;
import static kernel.uapi.OpenFlags.O_NOATIME;

import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.memory.Mapping;
import kernel.core.cache.FileMapping;
import kernel.core.cache.KernelBuffer;
import kernel.core.cache.ReadAhead;
import kernel.uapi.MountFlags;

/** A file on a disk that somebody has open: how far ahead of him is read, and which errors he has been told of (Linux: struct file). */
final class OpenDiskFile implements FileOperations {
    private final DiskFile file;
    private final Mount mount;
    private final ReadAhead readAhead = new ReadAhead();
    private long errorsSeen;

    OpenDiskFile(DiskFile file, Mount mount) {
        this.file = file;
        this.mount = mount;
        errorsSeen = file.mapping().errors().sample();
    }

    @Override
    public long read(ProcessContext context, OpenFile open, UserBuffer buffer, long position) {
        long done = (open.flags() & O_DIRECT) != 0
                ? file.mapping().readDirect(context, buffer, position)
                : file.mapping().read(context, readAhead, buffer, position);
        noteAccess(open, done);
        return done;
    }

    /** As {@link #read}, into memory of the kernel. */
    long read(ProcessContext context, OpenFile open, KernelBuffer buffer, long position) {
        long done = file.mapping().read(context, readAhead, buffer, position);
        noteAccess(open, done);
        return done;
    }

    private void noteAccess(OpenFile open, long done) {
        boolean wanted =
                done > 0 && !mount.has(MountFlags.MS_NOATIME) && (open.flags() & O_NOATIME) == 0 && !mount.isReadOnly();
        if (wanted && file.wantsAccessTime()) {
            file.accessed(file.disk().fileSystem().host().wallClockNanos());
        }
    }

    @Override
    public long write(ProcessContext context, OpenFile open, UserBuffer buffer, long position) {
        return write(context, open, buffer, null, buffer.length(), position);
    }

    /** As {@link #write}, from memory of the kernel. */
    long write(ProcessContext context, OpenFile open, KernelBuffer buffer, long length, long position) {
        return write(context, open, null, buffer, length, position);
    }

    private long write(
            ProcessContext context, OpenFile open, UserBuffer user, KernelBuffer kernel, long length, long position) {
        if (length == 0) {
            return 0;
        }
        DiskNode disk = file.disk();
        long written;
        long start;
        disk.mutex().lock(context);
        try {
            start = (open.flags() & O_APPEND) != 0 ? file.sizeBytes() : position;
            written = writeLocked(context, open, user, kernel, start);
        } finally {
            disk.mutex().unlock(context);
        }
        boolean durable = (open.flags() & O_DSYNC) != 0 || mount.has(MountFlags.MS_SYNCHRONOUS);
        if (written > 0 && durable) {
            int error = file.mapping().writeAndWait(context, start, start + written);
            error = error == 0 ? disk.writeInode(context, true) : error;
            error = error == 0 ? file.device().flush(context) : error;
            return error != 0 ? error : written;
        }
        return written;
    }

    private long writeLocked(
            ProcessContext context, OpenFile open, UserBuffer user, KernelBuffer kernel, long position) {
        DiskFileSystem fileSystem = file.disk().fileSystem();
        if (fileSystem.isReadOnly()) {
            return -EROFS;
        }
        if (file.disk().isEvicted()) {
            return -ESTALE;
        }
        long room = fileSystem.mounted().maxFileBytes() - position;
        if (room <= 0) {
            return -EFBIG;
        }
        file.dropPrivileges(context);
        FileMapping.Growth growth = size -> file.grewTo(context, size);
        long written;
        if (user == null) {
            written = file.mapping().write(context, kernel, position, growth);
        } else if ((open.flags() & O_DIRECT) != 0) {
            written = file.mapping().writeDirect(context, cut(user, room), position, growth);
        } else {
            written = file.mapping().write(context, cut(user, room), position, growth);
        }
        if (written > 0) {
            file.modified(fileSystem.host().wallClockNanos());
        }
        return written;
    }

    private static UserBuffer cut(UserBuffer buffer, long room) {
        return buffer.length() <= room ? buffer : new UserBuffer(buffer.address(), room);
    }

    /** Pages of the page cache; who writes to a shared one changes the file. */
    @Override
    public int mmap(ProcessContext context, OpenFile open, Mapping mapping) {
        mapping.setPager(file.mapping().pager());
        noteAccess(open, 1);
        return 0;
    }

    @Override
    public int sync(ProcessContext context, OpenFile open, boolean dataOnly) {
        int error = file.disk().sync(context, dataOnly);
        int flushed = file.device().flush(context);
        int reported = reportErrors();
        if (reported != 0) {
            return reported;
        }
        return error != 0 ? error : flushed;
    }

    /** An error of writing back that this open file has not been told of yet. */
    private synchronized int reportErrors() {
        int error = file.mapping().errors().check(errorsSeen);
        if (error != 0) {
            errorsSeen = file.mapping().errors().current();
        }
        return error;
    }

    @Override
    public long seek(ProcessContext context, OpenFile open, long current, long offset, int whence) {
        return RegularFile.seek(current, offset, whence, file.sizeBytes());
    }
}
