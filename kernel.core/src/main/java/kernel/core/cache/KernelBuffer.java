// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import hardware.machine.memory.PhysicalMemory;

/** Memory of the kernel that a file is read into or written from, where a program has a range of its own (Linux: an iov_iter of kvecs or bvecs). */
public final class KernelBuffer {
    private static final int CHUNK = CachedPage.BYTES;

    private final byte[] bytes;
    private final int offset;
    private final long physicalAddress;
    private final long length;

    /** Part of an array. */
    public KernelBuffer(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.physicalAddress = 0;
        this.length = length;
    }

    /** Physically contiguous memory. */
    public KernelBuffer(long physicalAddress, long length) {
        this.bytes = null;
        this.offset = 0;
        this.physicalAddress = physicalAddress;
        this.length = length;
    }

    long length() {
        return length;
    }

    /** Fills a part from physical memory, within one frame. */
    void fill(PhysicalMemory memory, long at, long from, int count) {
        if (bytes != null) {
            memory.read(from, bytes, offset + (int) at, count);
        } else {
            copy(memory, from, physicalAddress + at, count);
        }
    }

    /** Brings a part to physical memory, within one frame. */
    void drain(PhysicalMemory memory, long at, long to, int count) {
        if (bytes != null) {
            memory.write(to, bytes, offset + (int) at, count);
        } else {
            copy(memory, physicalAddress + at, to, count);
        }
    }

    private static void copy(PhysicalMemory memory, long from, long to, int count) {
        byte[] through = new byte[Math.min(CHUNK, count)];
        for (int done = 0; done < count; done += through.length) {
            int piece = Math.min(through.length, count - done);
            memory.read(from + done, through, 0, piece);
            memory.write(to + done, through, 0, piece);
        }
    }
}
