// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.EOPNOTSUPP;

import kernel.api.block.Bio;
import kernel.api.block.BlockBuffers;
import kernel.api.block.BlockDevice;
import kernel.api.block.BlockOperation;
import kernel.api.block.DiskLimits;
import kernel.api.context.ProcessContext;
import kernel.api.lock.Mutex;
import kernel.core.execution.Task;
import kernel.uapi.FileMode;

/** A disk or one of its partitions, as its users see it (Linux: struct block_device). */
final class BlockPart implements BlockDevice {
    /** How much is discarded or zeroed by one bio; the block layer cuts it further. */
    private static final long RANGE_SECTORS = 1L << 31;

    /** The unit of the page cache's buffers where nobody asks for another. */
    static final int CACHE_BLOCK_BYTES = 4096;

    private final GenericDisk disk;
    private final String name;
    private final int number;
    private final long startSector;
    private final DiskStatistics statistics;
    private final DirectIoPool directIo = new DirectIoPool(this);
    private final Mutex openLock;
    private final Openers openers = new Openers(this);
    private volatile long ownSectors;
    private volatile boolean readOnly;
    private volatile boolean removed;
    private volatile BufferedAccess buffered;
    private int minor = -1;

    /** @param number of the partition, 0 for the whole disk */
    BlockPart(GenericDisk disk, String name, int number, long startSector) {
        this.disk = disk;
        this.name = name;
        this.number = number;
        this.startSector = startSector;
        openLock = disk.layer().newMutex(name + " open");
        statistics = new DiskStatistics(disk.layer().processors());
    }

    GenericDisk disk() {
        return disk;
    }

    /** The number of the partition, 0 for the whole disk. */
    int number() {
        return number;
    }

    boolean isWhole() {
        return number == 0;
    }

    /** Where it begins on the disk. */
    long startSector() {
        return startSector;
    }

    DiskStatistics statistics() {
        return statistics;
    }

    Openers openers() {
        return openers;
    }

    int minor() {
        return minor;
    }

    void setMinor(int newMinor) {
        minor = newMinor;
    }

    void setOwnSectors(long count) {
        ownSectors = count;
    }

    /** Whether it is a partition of a table that is no longer, or its disk has gone. */
    boolean isRemoved() {
        return removed || disk.isGone();
    }

    void markRemoved() {
        removed = true;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    void setReadOnly(boolean on) {
        readOnly = on;
    }

    /** Its page cache; made when it is first asked for. Null in a kernel without one. */
    BufferedAccess buffered() {
        BufferedAccess access = buffered;
        return access != null ? access : makeBuffered();
    }

    private synchronized BufferedAccess makeBuffered() {
        if (buffered == null && disk.layer().bufferedAccess() != null) {
            buffered = disk.layer().bufferedAccess().newAccess(this);
        }
        return buffered;
    }

    /** Its page cache if it has one already, or null. */
    BufferedAccess bufferedIfAny() {
        return buffered;
    }

    /** The last one has closed it: what is cached is written, if it can be, and forgotten. May sleep. */
    void dropBuffered(Task task) {
        BufferedAccess access = buffered;
        if (access != null) {
            int error = access.close(task);
            if (error != 0 && !isGone()) {
                disk.layer().error("Buffer I/O error on dev " + name + ", lost async page write");
            }
            buffered = null;
        }
    }

    DirectIoPool directIo() {
        return directIo;
    }

    /** Held while it is opened and closed. */
    Mutex openLock() {
        return openLock;
    }

    void submit(Task task, BlockBio bio) {
        disk.submit(task, bio);
    }

    // ---- BlockDevice

    @Override
    public String name() {
        return name;
    }

    @Override
    public long device() {
        return FileMode.device(BlockRegistry.MAJOR, minor);
    }

    /** A partition does not reach beyond a disk that has shrunk. */
    @Override
    public long sectors() {
        long ofDisk = disk.sectors();
        return isWhole() ? ofDisk : Math.max(0, Math.min(ownSectors, ofDisk - startSector));
    }

    @Override
    public DiskLimits limits() {
        return disk.limits();
    }

    @Override
    public boolean isGone() {
        return isRemoved();
    }

    @Override
    public Bio newBio(int maxSegments) {
        return new BlockBio(this, maxSegments);
    }

    @Override
    public int flush(ProcessContext context) {
        return newBio(0).reset(BlockOperation.FLUSH, 0, 0).submitAndWait(context);
    }

    @Override
    public int discard(ProcessContext context, long sector, long count) {
        return range(context, BlockOperation.DISCARD, sector, count);
    }

    @Override
    public int writeZeroes(ProcessContext context, long sector, long count) {
        int error = disk.limits().maxWriteZeroesBytes() == 0
                ? -EOPNOTSUPP
                : range(context, BlockOperation.WRITE_ZEROES, sector, count);
        return error == -EOPNOTSUPP ? new ZeroWriter(this).write(context, sector, count) : error;
    }

    private int range(ProcessContext context, BlockOperation operation, long sector, long count) {
        Bio bio = newBio(0);
        long at = sector;
        for (long left = count; left > 0; ) {
            long part = Math.min(left, RANGE_SECTORS);
            int error =
                    bio.reset(operation, at, part << GenericDisk.SECTOR_SHIFT).submitAndWait(context);
            if (error != 0) {
                return error;
            }
            at += part;
            left -= part;
        }
        return 0;
    }

    @Override
    public BlockBuffers buffers(int blockBytes) {
        BufferedAccess access = buffered();
        if (access == null) {
            throw new kernel.api.block.BlockException(EIO, name + " has no page cache");
        }
        return access.buffers(blockBytes);
    }

    @Override
    public String toString() {
        return name;
    }
}
