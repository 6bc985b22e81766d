// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

/** A file of the host that holds flash. What it cannot do it says with an {@link ImageFailure}. Guarded by the firmware's lock. */
public interface FlashFile extends AutoCloseable {
    /** Reads the data of a page. */
    void readPage(int page, byte[] to);

    /** Writes a page: its data first, then its spare area, without which the data does not count. */
    void writePage(int page, byte[] data, byte[] spares, int spareOffset);

    /** Reads the spare areas of a block; false when all are zero, and {@code to} is as it was. */
    boolean readSpares(int block, byte[] to);

    /** Makes all spare areas of a block zero. */
    void eraseSpares(int block);

    /** Erase cycles of a block, as written last. */
    int cycles(int block);

    /** Marks of a block, as written last; 0 at first. */
    int marks(int block);

    void writeBlock(int block, int cycles, int marks);

    /** Makes all that was written survive the host. */
    void force();

    boolean isReadOnly();

    @Override
    void close();
}
