// SPDX-License-Identifier: Apache-2.0
package userland.fake;

import java.io.ByteArrayOutputStream;
import kernel.uapi.Signal;

/** A pipe of the fake kernel. It holds so much that whoever fills it will never end. */
final class PipeBuffer {
    private static final int BYTES_MAX = 1 << 20;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int taken;
    private int readers;
    private int writers;

    void ends(boolean read, int change) {
        if (read) {
            readers += change;
        } else {
            writers += change;
        }
    }

    boolean isRead() {
        return readers > 0;
    }

    int read(byte[] to, int count) {
        int n = Math.min(count, written.size() - taken);
        if (n == 0 && writers > 0) {
            throw new AssertionError("a read of an empty pipe whose write end is still open would block for ever");
        }
        System.arraycopy(written.toByteArray(), taken, to, 0, n);
        taken += n;
        return n;
    }

    void write(byte[] from, int count) {
        if (written.size() > BYTES_MAX) {
            throw new ProcessEnd.BySignal(Signal.SIGPIPE);
        }
        written.write(from, 0, count);
    }
}
