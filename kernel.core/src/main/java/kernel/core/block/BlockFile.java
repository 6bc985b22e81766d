// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENOSPC;
import static kernel.uapi.Errno.EOPNOTSUPP;

import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.core.execution.Task;
import kernel.core.fs.AsynchronousFile;
import kernel.core.fs.DeviceFile;
import kernel.core.fs.FileDescription;
import kernel.core.fs.UserProcess;
import kernel.core.module.LoadedModule;
import kernel.uapi.OpenFlags;
import kernel.uapi.Seek;

/** An open node of a disk or partition (Linux: block/fops.c). */
final class BlockFile implements FileOperations, AsynchronousFile, DeviceFile {
    private final BlockHandle handle;
    private final BlockPart part;
    private final String driver;

    private BlockFile(BlockHandle handle) {
        this.handle = handle;
        part = handle.part();
        BlockOwner owner = part.disk().owner();
        driver = owner == null ? part.name() : owner.driver();
    }

    /** Opens it for a process. 0 or a negative errno. */
    static int open(BlockPart part, UserProcess process, FileDescription file, int flags) {
        BlockFile open = new BlockFile(new BlockHandle(part, process.currentName(), false));
        int error = part.disk()
                .layer()
                .registry()
                .open((Task) process, open.handle, OpenFlags.mayWrite(flags), (flags & OpenFlags.O_EXCL) != 0);
        if (error == 0) {
            file.attachDevice(open, open);
        }
        return error;
    }

    LoadedModule module() {
        return handle.module();
    }

    // ---- DeviceFile

    @Override
    public String driver() {
        return driver;
    }

    @Override
    public boolean enter() {
        return !part.isGone();
    }

    @Override
    public void exit() {
        // What is under way ends by its bios, whatever becomes of the driver.
    }

    @Override
    public void release(ProcessContext context, FileDescription file) {
        handle.close(context);
    }

    // ---- FileOperations

    private long sizeBytes() {
        return part.sectors() << GenericDisk.SECTOR_SHIFT;
    }

    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        long room = sizeBytes() - position;
        if (isDirect(file)) {
            if (isUnaligned(buffer, position)) {
                return -EINVAL;
            }
            return room <= 0 || buffer.length() == 0
                    ? 0
                    : DirectTransfer.wait((Task) context, part, false, cut(buffer, room), position, false);
        }
        BufferedAccess access = part.buffered();
        if (access == null) {
            return -EIO;
        }
        return room <= 0 ? 0 : access.read(context, cut(buffer, room), position);
    }

    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        long room = sizeBytes() - position;
        if (buffer.length() == 0) {
            return 0;
        }
        if (isDirect(file) && isUnaligned(buffer, position)) {
            return -EINVAL;
        }
        if (room <= 0) {
            return -ENOSPC;
        }
        boolean durable = (file.flags() & OpenFlags.O_DSYNC) != 0;
        if (isDirect(file)) {
            return DirectTransfer.wait((Task) context, part, true, cut(buffer, room), position, durable);
        }
        BufferedAccess access = part.buffered();
        if (access == null) {
            return -EIO;
        }
        long written = access.write(context, cut(buffer, room), position);
        if (written > 0 && durable) {
            int error = access.sync(context, position, position + written);
            error = error == 0 ? part.flush(context) : error;
            return error < 0 ? error : written;
        }
        return written;
    }

    @Override
    public int begin(
            ProcessContext context,
            OpenFile file,
            boolean write,
            UserBuffer buffer,
            long position,
            boolean durable,
            End end) {
        if (!isDirect(file)) {
            return -EOPNOTSUPP;
        }
        if (position < 0 || isUnaligned(buffer, position)) {
            return -EINVAL;
        }
        long room = sizeBytes() - position;
        if (room <= 0 || buffer.length() == 0) {
            long result = write && buffer.length() > 0 ? -ENOSPC : 0;
            end.ended(context, result);
            return 0;
        }
        boolean always = durable || (file.flags() & OpenFlags.O_DSYNC) != 0;
        return DirectTransfer.begin((Task) context, part, write, cut(buffer, room), position, write && always, end);
    }

    private static boolean isDirect(OpenFile file) {
        return (file.flags() & OpenFlags.O_DIRECT) != 0;
    }

    private boolean isUnaligned(UserBuffer buffer, long position) {
        long mask = part.limits().logicalBlockBytes() - 1L;
        return ((buffer.address() | buffer.length() | position) & mask) != 0;
    }

    private static UserBuffer cut(UserBuffer buffer, long room) {
        return buffer.length() <= room ? buffer : new UserBuffer(buffer.address(), room);
    }

    @Override
    public int sync(ProcessContext context, OpenFile file, boolean dataOnly) {
        BufferedAccess access = part.bufferedIfAny();
        int error = access == null ? 0 : access.sync(context);
        int flushed = part.flush(context);
        return error != 0 ? error : flushed;
    }

    @Override
    public long seek(ProcessContext context, OpenFile file, long current, long offset, int whence) {
        long base = switch (whence) {
            case Seek.SEEK_SET -> 0;
            case Seek.SEEK_CUR -> current;
            case Seek.SEEK_END -> sizeBytes();
            default -> -1;
        };
        if (base < 0) {
            return -EINVAL;
        }
        long target = base + offset;
        // Nothing is beyond the end of a disk (Linux: fixed_size_llseek).
        return target < 0 || target > sizeBytes() ? -EINVAL : target;
    }

    @Override
    public long ioctl(ProcessContext context, OpenFile file, int command, long argument) {
        return new BlockIoctl(part, (UserProcess) context, file).call(command, argument);
    }
}
