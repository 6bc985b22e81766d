// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

import java.nio.file.Path;

/** Flash in a file of the host, in a format of its own; see {@link ImageLayout} and {@link ImageHeader}. Guarded by the firmware's lock. */
public final class ImageFile implements FlashFile {
    private static final int MARKS = Integer.BYTES;

    private final HostFile file;
    private final ImageLayout layout;
    private final boolean isNew;
    private final byte[] table;
    private final byte[] zeros;

    private ImageFile(HostFile file, ImageLayout layout, boolean isNew) {
        this.file = file;
        this.layout = layout;
        this.isNew = isNew;
        table = new byte[layout.geometry().blocks() * ImageLayout.BLOCK_BYTES];
        zeros = new byte[layout.geometry().pagesPerBlock() * Spare.BYTES];
        file.read(layout.blockTable(), table, 0, table.length);
    }

    /**
     * Opens an image, or makes one if there is no such file or it is empty.
     *
     * @param layout of a new one
     * @throws IllegalArgumentException it is not usable; the message says why, and the file is as it was
     */
    public static ImageFile open(Path path, ImageLayout layout, boolean readOnly) {
        HostFile file = HostFile.open(path, true, readOnly);
        boolean opened = false;
        try {
            long length = file.length();
            ImageFile image;
            if (length == 0 && !file.isReadOnly()) {
                file.extend(layout.length());
                file.write(0, ImageHeader.encode(layout), 0, ImageHeader.BYTES);
                file.force();
                image = new ImageFile(file, layout, true);
            } else {
                byte[] header = new byte[ImageHeader.BYTES];
                int got = file.read(0, header, 0, header.length);
                image = new ImageFile(file, ImageHeader.decode(file.name(), header, got, length), false);
            }
            opened = true;
            return image;
        } catch (ImageFailure e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    public ImageLayout layout() {
        return layout;
    }

    /** Whether it was made by being opened. */
    public boolean isNew() {
        return isNew;
    }

    @Override
    public void readPage(int page, byte[] to) {
        file.read(layout.pages() + (long) page * NandGeometry.PAGE_BYTES, to, 0, NandGeometry.PAGE_BYTES);
    }

    @Override
    public void writePage(int page, byte[] data, byte[] spares, int spareOffset) {
        file.write(layout.pages() + (long) page * NandGeometry.PAGE_BYTES, data, 0, NandGeometry.PAGE_BYTES);
        file.write(layout.spares() + (long) page * Spare.BYTES, spares, spareOffset, Spare.BYTES);
    }

    @Override
    public boolean readSpares(int block, byte[] to) {
        file.read(layout.spares() + sparesOf(block), to, 0, to.length);
        for (byte b : to) {
            if (b != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void eraseSpares(int block) {
        file.write(layout.spares() + sparesOf(block), zeros, 0, zeros.length);
    }

    @Override
    public int cycles(int block) {
        return (int) Spare.INT.get(table, block * ImageLayout.BLOCK_BYTES);
    }

    @Override
    public int marks(int block) {
        return (int) Spare.INT.get(table, block * ImageLayout.BLOCK_BYTES + MARKS);
    }

    @Override
    public void writeBlock(int block, int cycles, int marks) {
        int at = block * ImageLayout.BLOCK_BYTES;
        Spare.INT.set(table, at, cycles);
        Spare.INT.set(table, at + MARKS, marks);
        file.write(layout.blockTable() + at, table, at, ImageLayout.BLOCK_BYTES);
    }

    @Override
    public void force() {
        file.force();
    }

    @Override
    public boolean isReadOnly() {
        return file.isReadOnly();
    }

    @Override
    public void close() {
        file.close();
    }

    private long sparesOf(int block) {
        return (long) layout.geometry().firstPage(block) * Spare.BYTES;
    }
}
