// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import kernel.uapi.UserProcessor;

/** What goes to the client: small things are gathered in a buffer, large ones go as they lie. Numbers are big-endian. */
final class Output {
    static final int CAPACITY = 16 * 1024;

    private final UserProcessor memory;
    private final Connection connection;
    private final long buffer;
    private final byte[] gathered = new byte[CAPACITY];
    private int count;

    /** @param buffer {@link #CAPACITY} bytes */
    Output(UserProcessor memory, Connection connection, long buffer) {
        this.memory = memory;
        this.connection = connection;
        this.buffer = buffer;
    }

    Output putShort(int value) {
        room(Short.BYTES);
        gathered[count++] = (byte) (value >>> Byte.SIZE);
        gathered[count++] = (byte) value;
        return this;
    }

    Output putInt(int value) {
        return putShort(value >>> Short.SIZE).putShort(value);
    }

    Output putLong(long value) {
        return putInt((int) (value >>> Integer.SIZE)).putInt((int) value);
    }

    /** At most {@link #CAPACITY} bytes. */
    Output putBytes(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, gathered, count, bytes.length);
        count += bytes.length;
        return this;
    }

    /** Makes room, so that the next bytes stay together. */
    Output reserve(int bytes) {
        room(bytes);
        return this;
    }

    /** Sends these bytes and, together with them, the last {@code header} that were gathered, for which there is room in front of them. */
    void sendBefore(long address, int length, int header) {
        int earlier = count - header;
        memory.store(address - header, gathered, earlier, header);
        count = earlier;
        flush();
        connection.write(address - header, header + length);
    }

    private void room(int bytes) {
        if (CAPACITY - count < bytes) {
            flush();
        }
    }

    void flush() {
        if (count > 0) {
            memory.store(buffer, gathered, 0, count);
            int length = count;
            count = 0;
            connection.write(buffer, length);
        }
    }
}
