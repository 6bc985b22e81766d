// SPDX-License-Identifier: Apache-2.0
package kernel.api.dma;

/**
 * Memory that processor and device use side by side, for rings and their indices (Linux: dma_alloc_coherent). Physically contiguous, page-aligned,
 * zero at first. Values are little-endian; what is accessed with acquire or release must be aligned.
 *
 * <p>Callable in any context. An offset outside is an {@link IndexOutOfBoundsException}; an access after it was freed is an oops.
 */
public interface CoherentMemory {
    /** The address by which the device finds it. */
    long busAddress();

    long sizeBytes();

    int getInt(long offset);

    void putInt(long offset, int value);

    long getLong(long offset);

    void putLong(long offset, long value);

    /** Reads what the device wrote last: all that it wrote before is seen, too. */
    int getIntAcquire(long offset);

    /** Writes for the device to see after all that was written before. */
    void putIntRelease(long offset, int value);

    /** Copies bytes out. */
    void read(long offset, byte[] to, int toOffset, int length);

    /** Copies bytes in. */
    void write(long offset, byte[] from, int fromOffset, int length);

    /** Sets bytes to zero. */
    void clear(long offset, long length);
}
