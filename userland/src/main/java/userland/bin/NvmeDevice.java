// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import kernel.uapi.NvmeIoctl;
import kernel.uapi.OpenFlags;
import userland.libc.Arena;
import userland.libc.Libc;

/** The node of a solid state disk, open for commands to its controller. */
final class NvmeDevice implements AutoCloseable {
    static final int PAGE_BYTES = 4096;

    private final Libc libc;
    private final int fd;

    /** Opens it, for oneself alone if it is to be changed. */
    NvmeDevice(Libc libc, String node, boolean forChange) {
        this.libc = libc;
        fd = libc.open(node, forChange ? OpenFlags.O_RDWR | OpenFlags.O_EXCL : OpenFlags.O_RDONLY);
    }

    /** The number of the namespace. */
    int namespace() {
        return libc.ioctl(fd, NvmeIoctl.ID, 0);
    }

    /**
     * Sends a command.
     *
     * @param answer gets what it answers; may be empty
     * @return 0, or the status that the device answers
     */
    int command(int opcode, int namespace, int word10, byte[] answer) {
        try (Arena arena = libc.arena()) {
            long data = arena.allocate(Math.max(1, answer.length));
            long structure = arena.allocate(NvmeIoctl.BYTES);
            byte[] words = new byte[NvmeIoctl.BYTES];
            ByteBuffer.wrap(words)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(NvmeIoctl.OPCODE, (byte) opcode)
                    .putInt(NvmeIoctl.NAMESPACE, namespace)
                    .putLong(NvmeIoctl.ADDRESS, data)
                    .putInt(NvmeIoctl.DATA_LENGTH, answer.length)
                    .putInt(NvmeIoctl.WORD10, word10);
            libc.processor().store(structure, words, 0, words.length);
            int status = libc.ioctl(fd, NvmeIoctl.ADMIN_COMMAND, structure);
            libc.processor().load(data, answer, 0, answer.length);
            return status;
        }
    }

    /** Text of an answer, without the blanks at its end. */
    static String text(byte[] answer, int at, int length) {
        return new String(answer, at, length, StandardCharsets.US_ASCII).trim();
    }

    /** An answer whose numbers are read. */
    static ByteBuffer numbers(byte[] answer) {
        return ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
