// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;
import kernel.core.execution.Task;
import kernel.core.fs.AsynchronousFile.End;

/**
 * Reads and writes past the page cache (Linux: __blkdev_direct_IO), with the cache kept in step: what is dirty there is written first, and what a write
 * makes stale is forgotten.
 */
final class DirectTransfer {
    /** How much of a long transfer goes at once when somebody waits for it. */
    private static final long CHUNK_BYTES = 16L << 20;

    private DirectTransfer() {}

    /** Moves data and waits. Bytes moved, or a negative errno when none were. */
    static long wait(Task task, BlockPart part, boolean write, UserBuffer buffer, long position, boolean durable) {
        int error = settleCache(task, part, write, position, position + buffer.length());
        long done = 0;
        while (error == 0 && done < buffer.length()) {
            long chunk = Math.min(buffer.length() - done, CHUNK_BYTES);
            long address = buffer.address() + done;
            DirectIo io = part.directIo().take(DirectIo.pagesOf(address, chunk));
            long prepared = prepare(task, part, io, write, address, chunk, position + done, durable);
            long moved = prepared < 0 ? prepared : io.transfer(task);
            if (moved < 0) {
                return done > 0 ? done : moved;
            }
            done += moved;
            if (moved < chunk) {
                break;
            }
        }
        return error != 0 ? error : done;
    }

    /** Begins to move data; the end is told. 0, or a negative errno. */
    static int begin(
            Task task, BlockPart part, boolean write, UserBuffer buffer, long position, boolean durable, End end) {
        int error = settleCache(task, part, write, position, position + buffer.length());
        if (error != 0) {
            return error;
        }
        DirectIo io = part.directIo().take(DirectIo.pagesOf(buffer.address(), buffer.length()));
        long prepared = prepare(task, part, io, write, buffer.address(), buffer.length(), position, durable);
        if (prepared < 0) {
            return (int) prepared;
        }
        io.begin(task, end);
        return 0;
    }

    private static long prepare(
            Task task,
            BlockPart part,
            DirectIo io,
            boolean write,
            long address,
            long length,
            long position,
            boolean durable) {
        int blockBytes = part.limits().logicalBlockBytes();
        long prepared = io.prepare(task, write, address, length, position, durable, blockBytes);
        if (prepared < 0) {
            part.directIo().give(io);
        }
        return prepared;
    }

    private static int settleCache(ProcessContext context, BlockPart part, boolean write, long from, long to) {
        BufferedAccess cached = part.bufferedIfAny();
        if (cached == null) {
            return 0;
        }
        int error = cached.sync(context, from, to);
        if (error == 0 && write) {
            // A page in use stays; whoever mixes mapped pages and direct writes sees either, as on Linux.
            cached.invalidate(context, from, to);
        }
        return error;
    }
}
