// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import java.util.ArrayDeque;
import java.util.Queue;
import kernel.uapi.BlockControl;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;
import userland.libc.Arena;
import userland.libc.FileStatus;
import userland.libc.Libc;
import userland.libc.SystemCallException;

/** A block device, or a regular file in its place, whose requests are system calls that are done when they return. */
public final class DescriptorDisk implements Disk {
    private static final long UNKNOWN = -1;

    private final Libc libc;
    private final int fd;
    private final boolean block;
    private final long sizeBytes;
    private final int blockBytes;
    private final boolean readOnly;
    private final boolean canTrim;
    private final boolean canZeroFast;
    private final Queue<DiskRequest> completed = new ArrayDeque<>();

    /**
     * Opens it.
     *
     * @param readOnly whether nothing will be written
     * @throws SystemCallException what open says; ENOTBLK when it is neither a block device nor a regular file
     */
    public DescriptorDisk(Libc libc, String path, boolean readOnly) {
        this.libc = libc;
        this.readOnly = readOnly;
        FileStatus status = libc.stat(path);
        block = status.isBlockDevice();
        if (!block && !status.isRegular()) {
            throw SystemCallException.of(Errno.ENOTBLK, "open", path);
        }
        int access = readOnly ? OpenFlags.O_RDONLY : OpenFlags.O_RDWR;
        fd = libc.open(path, access | OpenFlags.O_CLOEXEC | (block ? OpenFlags.O_DIRECT : 0));
        sizeBytes = block ? control(BlockControl.BLKGETSIZE64, true) : status.sizeBytes();
        blockBytes = block ? (int) control(BlockControl.BLKSSZGET, false) : 1;
        // Of a partition, the disk's.
        String name = path.substring(path.lastIndexOf('/') + 1).replaceFirst("(?<=[0-9])p[0-9]+$", "");
        canTrim = block && attribute(name, "discard_max_bytes") != 0;
        canZeroFast = block && attribute(name, "write_zeroes_max_bytes") > 0;
    }

    boolean isBlockDevice() {
        return block;
    }

    int descriptorNumber() {
        return fd;
    }

    /** Closes the device; it is not used any more. */
    public void close() {
        libc.close(fd);
    }

    private long control(int command, boolean wide) {
        try (Arena arena = libc.arena()) {
            long answer = arena.allocate(Long.BYTES);
            libc.ioctl(fd, command, answer);
            return wide ? libc.processor().loadLong(answer) : libc.processor().loadInt(answer);
        }
    }

    /** A number of the disk's queue in sysfs. */
    private long attribute(String name, String attribute) {
        int file = (int) libc.raw()
                .open("/sys/block/" + name + "/queue/" + attribute, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC, 0);
        if (file < 0) {
            return UNKNOWN;
        }
        try {
            String line = libc.input(file).readLine();
            return line == null ? UNKNOWN : Long.parseLong(line.strip());
        } finally {
            libc.close(file);
        }
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public boolean canTrim() {
        return canTrim;
    }

    @Override
    public boolean canZeroFast() {
        return canZeroFast;
    }

    @Override
    public void start(DiskRequest request) {
        int error = switch (request.operation()) {
            case READ -> read(request.buffer(), request.diskOffset(), request.diskLength());
            case WRITE -> write(request.buffer(), request.diskOffset(), request.diskLength());
            case FLUSH -> sync();
            case TRIM -> trim(request);
            case ZERO -> block ? range(BlockControl.BLKZEROOUT, request) : writeZeroes(request);
        };
        if (error == 0 && request.isForcedUnitAccess() && request.operation() != Operation.FLUSH) {
            error = sync();
        }
        request.complete(error);
        completed.add(request);
    }

    @Override
    public DiskRequest completed() {
        return completed.poll();
    }

    @Override
    public void await() {
        // Everything has completed.
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public int read(long address, long offset, int length) {
        return transfer(SystemCallNumber.PREAD64, address, offset, length);
    }

    private int write(long address, long offset, int length) {
        return transfer(SystemCallNumber.PWRITE64, address, offset, length);
    }

    private int transfer(int call, long address, long offset, int length) {
        for (int done = 0; done < length; ) {
            long count = libc.raw().call(call, fd, address + done, length - done, offset + done);
            if (Errno.isError(count) && count != -Errno.EINTR) {
                return (int) -count;
            }
            if (count == 0) {
                return Errno.EIO; // The end, where there is none: it has become shorter.
            }
            done += (int) Math.max(0, count);
        }
        return 0;
    }

    private int sync() {
        return (int) -libc.raw().call(SystemCallNumber.FSYNC, fd);
    }

    /** A disk that knows no discard may leave everything as it is. */
    private int trim(DiskRequest request) {
        int error = range(BlockControl.BLKDISCARD, request);
        return error == Errno.EOPNOTSUPP ? 0 : error;
    }

    private int range(int command, DiskRequest request) {
        try (Arena arena = libc.arena()) {
            long range = arena.allocate(2L * Long.BYTES);
            libc.processor().storeLong(range, request.diskOffset());
            libc.processor().storeLong(range + Long.BYTES, request.diskLength());
            return (int) -libc.raw().call(SystemCallNumber.IOCTL, fd, command, range);
        }
    }

    private int writeZeroes(DiskRequest request) {
        int step = Libc.IO_BUFFER_BYTES;
        long none = libc.ioBuffer();
        libc.processor().store(none, new byte[step], 0, step);
        int error = 0;
        for (int done = 0; done < request.diskLength() && error == 0; done += step) {
            error = write(none, request.diskOffset() + done, Math.min(step, request.diskLength() - done));
        }
        return error;
    }
}
