// SPDX-License-Identifier: Apache-2.0
package kernel.api.dma;

import java.util.Arrays;

/**
 * Pieces of physical memory that one transfer goes through in order (Linux: struct scatterlist). Made once and used again and again; it grows when it
 * must. Not thread-safe: it belongs to one request.
 */
public final class ScatterList {
    private long[] physical;
    private long[] bus;
    private int[] bytes;
    private int size;

    /** An empty list with room for so many pieces before it grows. */
    public ScatterList(int capacity) {
        physical = new long[capacity];
        bus = new long[capacity];
        bytes = new int[capacity];
    }

    public int size() {
        return size;
    }

    public void clear() {
        size = 0;
    }

    /** Adds a piece at the end. It is not joined to the one before it. */
    public void add(long physicalAddress, int length) {
        if (size == bytes.length) {
            int larger = Math.max(4, size * 2);
            physical = Arrays.copyOf(physical, larger);
            bus = Arrays.copyOf(bus, larger);
            bytes = Arrays.copyOf(bytes, larger);
        }
        physical[size] = physicalAddress;
        bytes[size] = length;
        size++;
    }

    /** Adds a piece at the end; where it continues the one before it, that becomes longer. */
    public void addJoined(long physicalAddress, int length) {
        int last = size - 1;
        if (last >= 0 && physical[last] + bytes[last] == physicalAddress && bytes[last] <= Integer.MAX_VALUE - length) {
            bytes[last] += length;
        } else {
            add(physicalAddress, length);
        }
    }

    public long physicalAddress(int index) {
        return physical[check(index)];
    }

    /** The length of a piece in bytes. */
    public int bytes(int index) {
        return bytes[check(index)];
    }

    /** Where the device finds the piece; valid while the list is mapped. */
    public long busAddress(int index) {
        return bus[check(index)];
    }

    /** Noted by who maps the list. */
    public void setBusAddress(int index, long address) {
        bus[check(index)] = address;
    }

    /** The sum of all pieces. */
    public long totalBytes() {
        long total = 0;
        for (int i = 0; i < size; i++) {
            total += bytes[i];
        }
        return total;
    }

    private int check(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("piece " + index + " of " + size);
        }
        return index;
    }
}
