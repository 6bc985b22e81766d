// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The data of an option, taken apart with care. */
final class Payload {
    /** It is not what the option wants. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    private final ByteBuffer bytes;

    Payload(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    int getShort() throws Malformed {
        need(Short.BYTES);
        return bytes.getShort() & 0xffff;
    }

    int getInt() throws Malformed {
        need(Integer.BYTES);
        return bytes.getInt();
    }

    /** @param length as the client says it */
    String string(int length) throws Malformed {
        if (length < 0 || length > Protocol.NAME_BYTES_MAX) {
            throw new Malformed("a name is too long");
        }
        need(length);
        byte[] name = new byte[length];
        bytes.get(name);
        return new String(name, StandardCharsets.UTF_8);
    }

    /** All that is left. */
    String rest() {
        byte[] name = new byte[bytes.remaining()];
        bytes.get(name);
        return new String(name, StandardCharsets.UTF_8);
    }

    /** Nothing must be left. */
    void end() throws Malformed {
        if (bytes.hasRemaining()) {
            throw new Malformed("too much data");
        }
    }

    private void need(int count) throws Malformed {
        if (bytes.remaining() < count) {
            throw new Malformed("too little data");
        }
    }
}
