// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import kernel.uapi.UserProcessor;

/** What comes from the client, through a buffer in user memory. Numbers are big-endian. */
final class Input {
    static final int CAPACITY = 64 * 1024;

    private final UserProcessor memory;
    private final Connection connection;
    private final long buffer;
    private final byte[] bounce = new byte[CAPACITY];
    private int start;
    private int end;

    /** @param buffer {@link #CAPACITY} bytes */
    Input(UserProcessor memory, Connection connection, long buffer) {
        this.memory = memory;
        this.connection = connection;
        this.buffer = buffer;
    }

    /** Whether the next byte has to be waited for. */
    boolean isEmpty() {
        return start == end;
    }

    /** Whether there is more to come; waits until that is known. */
    boolean hasNext() {
        return !isEmpty() || fill();
    }

    /** Waits until so many bytes are here, at most {@link #CAPACITY}. */
    private void need(int count) {
        while (end - start < count) {
            if (!fill()) {
                throw new ConnectionLost("the client has gone in the middle of a message");
            }
        }
    }

    private boolean fill() {
        if (start == end) {
            start = 0;
            end = 0;
        } else if (start > CAPACITY / 2) {
            memory.load(buffer + start, bounce, 0, end - start);
            memory.store(buffer, bounce, 0, end - start);
            end -= start;
            start = 0;
        }
        int count = connection.read(buffer + end, CAPACITY - end);
        end += count;
        return count > 0;
    }

    int getShort() {
        need(Short.BYTES);
        int high = memory.loadByte(buffer + start) & 0xff;
        int value = (high << Byte.SIZE) | (memory.loadByte(buffer + start + 1) & 0xff);
        start += Short.BYTES;
        return value;
    }

    int getInt() {
        need(Integer.BYTES);
        int value = Integer.reverseBytes(memory.loadInt(buffer + start));
        start += Integer.BYTES;
        return value;
    }

    long getLong() {
        need(Long.BYTES);
        long value = Long.reverseBytes(memory.loadLong(buffer + start));
        start += Long.BYTES;
        return value;
    }

    /** The next bytes, at most {@link #CAPACITY} / 2. */
    byte[] getBytes(int count) {
        need(count);
        byte[] bytes = new byte[count];
        memory.load(buffer + start, bytes, 0, count);
        start += count;
        return bytes;
    }

    /** Moves the next bytes to another place in user memory, mostly without a detour. */
    void move(long to, int count) {
        int here = Math.min(count, end - start);
        memory.load(buffer + start, bounce, 0, here);
        memory.store(to, bounce, 0, here);
        start += here;
        for (int done = here; done < count; ) {
            int more = connection.read(to + done, count - done);
            if (more == 0) {
                throw new ConnectionLost("the client has gone in the middle of its data");
            }
            done += more;
        }
    }

    void skip(int count) {
        for (int left = count; left > 0; ) {
            if (isEmpty()) {
                need(1);
            }
            int here = Math.min(left, end - start);
            start += here;
            left -= here;
        }
    }
}
