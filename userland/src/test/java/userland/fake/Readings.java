// SPDX-License-Identifier: Apache-2.0
package userland.fake;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** A device that answers each read with the next of its texts, and then with the end of the file. It takes all that is written. */
public final class Readings implements Device {
    private final Deque<String> texts;

    public Readings(String... texts) {
        this.texts = new ArrayDeque<>(Arrays.asList(texts));
    }

    @Override
    public int read(byte[] buffer, int count) {
        if (texts.isEmpty()) {
            return 0;
        }
        byte[] bytes = texts.removeFirst().getBytes(StandardCharsets.UTF_8);
        int n = Math.min(count, bytes.length);
        System.arraycopy(bytes, 0, buffer, 0, n);
        return n;
    }

    @Override
    public int write(byte[] bytes, int count) {
        return count;
    }
}
