// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The first 4096 bytes of an image file.
 * <pre>
 *   0  "UBSSDIMG"   8  VERSION (32)   12  CHANNELS   16  DIES_PER_CHANNEL   20  BLOCKS_PER_DIE
 *  24  PAGES_PER_BLOCK   28  NAMESPACES   32  LOGICAL_PAGES (64)   40  LENGTH (64)   48  CHECKSUM (32, of the 48 bytes before)
 * </pre>
 */
final class ImageHeader {
    static final int BYTES = NandGeometry.PAGE_BYTES;
    private static final String MAGIC = "UBSSDIMG";
    private static final int VERSION = 1;
    private static final int CHECKSUM = 48;
    private static final int MOST_NAMESPACES = 1024;

    private ImageHeader() {}

    static byte[] encode(ImageLayout layout) {
        byte[] bytes = new byte[BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        NandGeometry geometry = layout.geometry();
        buffer.put(MAGIC.getBytes(StandardCharsets.US_ASCII))
                .putInt(VERSION)
                .putInt(geometry.channels())
                .putInt(geometry.diesPerChannel());
        buffer.putInt(geometry.blocksPerDie()).putInt(geometry.pagesPerBlock()).putInt(layout.namespaces());
        buffer.putLong(layout.logicalPages()).putLong(layout.length());
        buffer.putInt(Spare.checksum(bytes, 0, CHECKSUM));
        return bytes;
    }

    /**
     * @param fileLength what the file really has
     * @throws IllegalArgumentException it is no image, or none that can be used; the message says why
     */
    static ImageLayout decode(String name, byte[] bytes, int length, long fileLength) {
        if (!new String(bytes, 0, Math.min(length, MAGIC.length()), StandardCharsets.US_ASCII).equals(MAGIC)) {
            throw new IllegalArgumentException(
                    name
                            + " is not an image of a solid state disk: it does not begin with UBSSDIMG (a plain image is given as raw=)");
        }
        if (length < BYTES) {
            throw new IllegalArgumentException(
                    "%s is truncated: %d bytes, not even a header".formatted(name, fileLength));
        }
        ByteBuffer buffer =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length());
        int version = buffer.getInt();
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "%s has version %d, and only %d is known".formatted(name, version, VERSION));
        }
        if (buffer.getInt(CHECKSUM) != Spare.checksum(bytes, 0, CHECKSUM)) {
            throw new IllegalArgumentException(name + " has a damaged header: its checksum is wrong");
        }
        int channels = buffer.getInt();
        int dies = buffer.getInt();
        int blocks = buffer.getInt();
        int pages = buffer.getInt();
        int namespaces = buffer.getInt();
        ImageLayout layout =
                new ImageLayout(new NandGeometry(channels, dies, blocks, pages), buffer.getLong(), namespaces);
        if (namespaces < 1
                || namespaces > MOST_NAMESPACES
                || layout.logicalPages() < namespaces
                || layout.logicalPages() > layout.geometry().pages()
                || layout.length() != buffer.getLong()) {
            throw new IllegalArgumentException(name + " has a header that contradicts itself");
        }
        if (fileLength != layout.length()) {
            throw new IllegalArgumentException("%s is %s: %d bytes, and its header says %d"
                    .formatted(
                            name,
                            fileLength < layout.length() ? "truncated" : "too long",
                            fileLength,
                            layout.length()));
        }
        return layout;
    }
}
