// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import kernel.uapi.UserProcessor;

/** Puts parts of blocks together to whole ones (read, modify, write). */
final class Blocks {
    private static final int STEP_BYTES = 4096;

    private final UserProcessor memory;
    private final Disk disk;
    private final Buffers buffers;
    private final byte[] bounce = new byte[STEP_BYTES];

    Blocks(UserProcessor memory, Disk disk, Buffers buffers) {
        this.memory = memory;
        this.disk = disk;
        this.buffers = buffers;
    }

    /** Makes the client's bytes in the buffer zeroes. */
    void clear(DiskRequest request) {
        byte[] none = new byte[STEP_BYTES];
        for (int done = 0; done < request.length; done += STEP_BYTES) {
            memory.store(request.data() + done, none, 0, Math.min(STEP_BYTES, request.length - done));
        }
    }

    /** Reads what of the first and the last block is not the client's. 0 or a positive errno. */
    int fillAround(DiskRequest request) {
        int block = disk.blockBytes();
        int head = (int) (request.offset - request.diskOffset);
        int tail = request.diskLength - head - request.length;
        long scratch = buffers.take(block);
        try {
            int error = 0;
            if (head > 0) {
                error = disk.read(scratch, request.diskOffset, block);
                copy(scratch, request.buffer, head);
            }
            if (tail > 0 && error == 0) {
                long last = request.diskLength - (long) block;
                error = disk.read(scratch, request.diskOffset + last, block);
                copy(scratch + block - tail, request.buffer + request.diskLength - tail, tail);
            }
            return error;
        } finally {
            buffers.giveBack(scratch, block);
        }
    }

    /** At most a block. */
    private void copy(long from, long to, int length) {
        memory.load(from, bounce, 0, length);
        memory.store(to, bounce, 0, length);
    }
}
