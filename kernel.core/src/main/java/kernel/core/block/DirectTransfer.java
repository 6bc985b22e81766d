// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.ENOMEM;

import hardware.machine.memory.PhysicalMemory;
import kernel.api.block.BlockOperation;
import kernel.api.file.UserBuffer;
import kernel.core.execution.Task;
import kernel.core.memory.PageAllocator;

/** A read or write past the page cache (Linux: __blkdev_direct_IO). */
final class DirectTransfer {
    private static final int PAGE = PhysicalMemory.FRAME_BYTES;
    /** How many pages go with one bio. */
    private static final int PAGES = 256;

    private DirectTransfer() {}

    static long read(Task task, BlockPart part, UserBuffer buffer, long position) {
        BufferedAccess cached = part.bufferedIfAny();
        if (cached != null) {
            int error = cached.sync(task, position, position + buffer.length());
            if (error != 0) {
                return error;
            }
        }
        return transfer(task, part, BlockOperation.READ, buffer, position, false);
    }

    static long write(Task task, BlockPart part, UserBuffer buffer, long position, boolean durable) {
        BufferedAccess cached = part.bufferedIfAny();
        if (cached != null) {
            int error = cached.sync(task, position, position + buffer.length());
            if (error != 0) {
                return error;
            }
            cached.invalidate(task, position, position + buffer.length());
        }
        return transfer(task, part, BlockOperation.WRITE, buffer, position, durable);
    }

    private static long transfer(
            Task task, BlockPart part, BlockOperation operation, UserBuffer buffer, long position, boolean durable) {
        long done = 0;
        while (done < buffer.length()) {
            int chunk = (int) Math.min(buffer.length() - done, (long) PAGES * PAGE);
            long moved = bounce(task, part, operation, buffer, done, chunk, position + done, durable);
            if (moved < 0) {
                return done > 0 ? done : moved;
            }
            done += moved;
            if (moved < chunk) {
                break;
            }
        }
        return done;
    }

    private static long bounce(
            Task task,
            BlockPart part,
            BlockOperation operation,
            UserBuffer buffer,
            long offset,
            int bytes,
            long position,
            boolean durable) {
        PageAllocator pages = part.disk().layer().pages();
        PhysicalMemory memory = pages.memory();
        BlockBio bio = (BlockBio) part.newBio(PAGES);
        bio.reset(operation, position >>> GenericDisk.SECTOR_SHIFT, 0);
        if (durable) {
            bio.forcedUnitAccess();
        }
        long[] frames = new long[(bytes + PAGE - 1) / PAGE];
        byte[] page = new byte[PAGE];
        int got = 0;
        try {
            for (; got < frames.length; got++) {
                frames[got] = pages.allocate(0);
                if (frames[got] < 0) {
                    return -ENOMEM;
                }
                int length = Math.min(PAGE, bytes - got * PAGE);
                long address = frames[got] << PhysicalMemory.FRAME_SHIFT;
                if (operation == BlockOperation.WRITE) {
                    if (task.copyFromUser(page, 0, buffer, offset + (long) got * PAGE, length) != 0) {
                        got++;
                        return -EFAULT;
                    }
                    memory.write(address, page, 0, length);
                }
                bio.add(address, length);
            }
            int error = bio.submitAndWait(task);
            if (error != 0) {
                return error;
            }
            for (int i = 0; i < frames.length && operation == BlockOperation.READ; i++) {
                int length = Math.min(PAGE, bytes - i * PAGE);
                memory.read(frames[i] << PhysicalMemory.FRAME_SHIFT, page, 0, length);
                if (task.copyToUser(buffer, offset + (long) i * PAGE, page, 0, length) != 0) {
                    return -EFAULT;
                }
            }
            return bytes;
        } finally {
            for (int i = 0; i < got; i++) {
                pages.put(frames[i]);
            }
        }
    }
}
