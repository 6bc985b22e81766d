// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.BlockControl.BLKALIGNOFF;
import static kernel.uapi.BlockControl.BLKBSZGET;
import static kernel.uapi.BlockControl.BLKDISCARD;
import static kernel.uapi.BlockControl.BLKDISCARDZEROES;
import static kernel.uapi.BlockControl.BLKFLSBUF;
import static kernel.uapi.BlockControl.BLKGETSIZE;
import static kernel.uapi.BlockControl.BLKGETSIZE64;
import static kernel.uapi.BlockControl.BLKIOMIN;
import static kernel.uapi.BlockControl.BLKIOOPT;
import static kernel.uapi.BlockControl.BLKPBSZGET;
import static kernel.uapi.BlockControl.BLKROGET;
import static kernel.uapi.BlockControl.BLKROSET;
import static kernel.uapi.BlockControl.BLKROTATIONAL;
import static kernel.uapi.BlockControl.BLKRRPART;
import static kernel.uapi.BlockControl.BLKSSZGET;
import static kernel.uapi.BlockControl.BLKZEROOUT;
import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;

import kernel.api.block.DiskLimits;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.core.execution.Task;
import kernel.core.fs.UserProcess;
import kernel.uapi.OpenFlags;

/** A control of an open disk or partition (Linux: block/ioctl.c). What is not known here is the driver's. */
final class BlockIoctl {
    private static final int RANGE_BYTES = 16;

    private final BlockPart part;
    private final UserProcess process;
    private final OpenFile file;

    BlockIoctl(BlockPart part, UserProcess process, OpenFile file) {
        this.part = part;
        this.process = process;
        this.file = file;
    }

    long call(int command, long argument) {
        DiskLimits limits = part.limits();
        return switch (command) {
            case BLKGETSIZE64 -> putLong(argument, part.sectors() << GenericDisk.SECTOR_SHIFT);
            case BLKGETSIZE -> putLong(argument, part.sectors());
            case BLKSSZGET -> putInt(argument, limits.logicalBlockBytes());
            case BLKPBSZGET, BLKIOMIN -> putInt(argument, limits.physicalBlockBytes());
            case BLKIOOPT, BLKDISCARDZEROES -> putInt(argument, 0);
            case BLKALIGNOFF -> putInt(argument, alignmentOffset(limits));
            case BLKBSZGET -> putInt(argument, Math.max(limits.logicalBlockBytes(), blockBytes()));
            case BLKROTATIONAL -> put(argument, new byte[Short.BYTES]);
            case BLKROGET ->
                putInt(argument, part.isReadOnly() || part.disk().queueLimits().readOnly() ? 1 : 0);
            case BLKROSET -> setReadOnly(argument);
            case BLKFLSBUF -> isRoot() ? dropCache() : -EACCES;
            case BLKRRPART -> rescan();
            case BLKDISCARD, BLKZEROOUT -> changeRange(command, argument);
            default -> part.disk().driverIoctl(process, command, argument);
        };
    }

    private int blockBytes() {
        BufferedAccess access = part.bufferedIfAny();
        return access == null ? part.limits().logicalBlockBytes() : BlockPart.CACHE_BLOCK_BYTES;
    }

    private int alignmentOffset(DiskLimits limits) {
        long beyond = (part.startSector() << GenericDisk.SECTOR_SHIFT) % limits.physicalBlockBytes();
        return beyond == 0 ? 0 : (int) (limits.physicalBlockBytes() - beyond);
    }

    private boolean isRoot() {
        return process.uid() == 0;
    }

    private long setReadOnly(long argument) {
        if (!isRoot()) {
            return -EACCES;
        }
        byte[] value = get(argument, Integer.BYTES);
        if (value == null) {
            return -EFAULT;
        }
        boolean on = LittleEndian.getInt(value, 0) != 0;
        if (!on && part.disk().limits().readOnly()) {
            return -EACCES;
        }
        part.setReadOnly(on);
        return 0;
    }

    private long dropCache() {
        BufferedAccess access = part.bufferedIfAny();
        if (access == null) {
            return 0;
        }
        int error = access.sync(process);
        // What is in use stays, as on Linux.
        access.invalidate(process, 0, Long.MAX_VALUE);
        return error;
    }

    private long rescan() {
        if (!part.isWhole()) {
            return -EINVAL;
        }
        return isRoot() ? PartitionScan.scan((Task) process, part.disk()) : -EACCES;
    }

    private long changeRange(int command, long argument) {
        if (!OpenFlags.mayWrite(file.flags())) {
            return -EBADF;
        }
        byte[] range = get(argument, RANGE_BYTES);
        if (range == null) {
            return -EFAULT;
        }
        long start = LittleEndian.getLong(range, 0);
        long length = LittleEndian.getLong(range, Long.BYTES);
        long size = part.sectors() << GenericDisk.SECTOR_SHIFT;
        long inBlock = part.limits().logicalBlockBytes() - 1L;
        if (((start | length) & inBlock) != 0 || start < 0 || length < 0 || length > size || start > size - length) {
            return -EINVAL;
        }
        BufferedAccess access = part.bufferedIfAny();
        if (access != null && length > 0) {
            int busy = access.invalidate(process, start, start + length);
            if (busy != 0) {
                return busy;
            }
        }
        long sector = start >>> GenericDisk.SECTOR_SHIFT;
        long count = length >>> GenericDisk.SECTOR_SHIFT;
        return command == BLKDISCARD ? part.discard(process, sector, count) : part.writeZeroes(process, sector, count);
    }

    // ---- user memory

    private long putInt(long address, int value) {
        byte[] bytes = new byte[Integer.BYTES];
        LittleEndian.putInt(bytes, 0, value);
        return put(address, bytes);
    }

    private long putLong(long address, long value) {
        byte[] bytes = new byte[Long.BYTES];
        LittleEndian.putLong(bytes, 0, value);
        return put(address, bytes);
    }

    private long put(long address, byte[] bytes) {
        UserBuffer buffer = new UserBuffer(address, bytes.length);
        return process.copyToUser(buffer, 0, bytes, 0, bytes.length) == 0 ? 0 : -EFAULT;
    }

    private byte[] get(long address, int length) {
        byte[] bytes = new byte[length];
        UserBuffer buffer = new UserBuffer(address, length);
        return process.copyFromUser(bytes, 0, buffer, 0, length) == 0 ? bytes : null;
    }
}
