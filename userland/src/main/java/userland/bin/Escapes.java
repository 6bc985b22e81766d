// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Backslash sequences, as echo and printf understand them. */
final class Escapes {
    private static final int BELL = 7;
    private static final int VERTICAL_TAB = 11;
    private static final int ESCAPE = 27;

    private final byte[] bytes;
    private final boolean octalNeedsZero;
    private final ByteArrayOutputStream out;
    private int at;

    private Escapes(String text, boolean octalNeedsZero, ByteArrayOutputStream out) {
        this.bytes = text.getBytes(StandardCharsets.UTF_8);
        this.octalNeedsZero = octalNeedsZero;
        this.out = out;
    }

    /**
     * Writes a text with what its sequences stand for.
     *
     * @param octalNeedsZero whether octal digits follow {@code \0}, as for echo, or the backslash itself
     * @return false at {@code \c}, which ends all output
     */
    static boolean write(String text, boolean octalNeedsZero, ByteArrayOutputStream out) {
        return new Escapes(text, octalNeedsZero, out).write();
    }

    private boolean write() {
        while (at < bytes.length) {
            byte b = bytes[at++];
            if (b != '\\' || at == bytes.length) {
                out.write(b);
            } else if (bytes[at] == 'c') {
                return false;
            } else {
                sequence(bytes[at++]);
            }
        }
        return true;
    }

    private void sequence(byte code) {
        switch (code) {
            case 'a' -> out.write(BELL);
            case 'b' -> out.write('\b');
            case 'e' -> out.write(ESCAPE);
            case 'f' -> out.write('\f');
            case 'n' -> out.write('\n');
            case 'r' -> out.write('\r');
            case 't' -> out.write('\t');
            case 'v' -> out.write(VERTICAL_TAB);
            case '\\' -> out.write('\\');
            case 'x' -> number(16, 2);
            default -> {
                if (octalNeedsZero ? code == '0' : code >= '0' && code <= '7') {
                    at -= octalNeedsZero ? 0 : 1;
                    number(8, 3);
                } else {
                    out.write('\\');
                    out.write(code);
                }
            }
        }
    }

    /** Writes the byte whose digits stand here. */
    private void number(int radix, int digitsMax) {
        int value = 0;
        int end = Math.min(bytes.length, at + digitsMax);
        while (at < end && Character.digit(bytes[at], radix) >= 0) {
            value = value * radix + Character.digit(bytes[at++], radix);
        }
        out.write(value);
    }
}
