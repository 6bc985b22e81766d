// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import userland.libc.Libc;
import userland.libc.Program;

/** echo(1). */
final class Echo implements Program {
    static final String USAGE = """
            Usage: echo [-neE] [STRING]...
            Print the arguments with a space between them.

              -n   no newline at the end
              -e   understand \\n \\t \\\\ \\a \\b \\c \\e \\f \\r \\v \\0NNN \\xHH
              -E   do not, which is the default
            """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Override
    public int main(Libc libc, String[] arguments) {
        boolean newline = true;
        boolean escapes = false;
        int first = 0;
        while (first < arguments.length && isOption(arguments[first])) {
            newline &= arguments[first].indexOf('n') < 0;
            int e = arguments[first].lastIndexOf('e');
            int plain = arguments[first].lastIndexOf('E');
            escapes = e == plain ? escapes : e > plain;
            first++;
        }
        for (int i = first; i < arguments.length; i++) {
            if (i > first) {
                out.write(' ');
            }
            if (!escapes) {
                out.writeBytes(arguments[i].getBytes(StandardCharsets.UTF_8));
            } else if (!escaped(arguments[i])) {
                newline = false;
                break;
            }
        }
        if (newline) {
            out.write('\n');
        }
        byte[] bytes = out.toByteArray();
        libc.stdout().write(bytes, 0, bytes.length);
        return 0;
    }

    private static boolean isOption(String argument) {
        return argument.length() > 1
                && argument.charAt(0) == '-'
                && argument.chars().skip(1).allMatch(c -> c == 'n' || c == 'e' || c == 'E');
    }

    /** Writes the text; false at {@code \c}, which ends all output. */
    private boolean escaped(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int i = 0;
        while (i < bytes.length) {
            byte b = bytes[i++];
            if (b != '\\' || i == bytes.length) {
                out.write(b);
                continue;
            }
            byte code = bytes[i++];
            switch (code) {
                case 'a' -> out.write(7);
                case 'b' -> out.write('\b');
                case 'c' -> {
                    return false;
                }
                case 'e' -> out.write(27);
                case 'f' -> out.write('\f');
                case 'n' -> out.write('\n');
                case 'r' -> out.write('\r');
                case 't' -> out.write('\t');
                case 'v' -> out.write(11);
                case '\\' -> out.write('\\');
                case '0' -> i = number(bytes, i, 8, 3);
                case 'x' -> i = number(bytes, i, 16, 2);
                default -> {
                    out.write('\\');
                    out.write(code);
                }
            }
        }
        return true;
    }

    /** Writes the byte whose digits stand there; answers the position behind them. */
    private int number(byte[] bytes, int start, int radix, int digitsMax) {
        int value = 0;
        int i = start;
        while (i < bytes.length && i < start + digitsMax && Character.digit(bytes[i], radix) >= 0) {
            value = value * radix + Character.digit(bytes[i++], radix);
        }
        out.write(value);
        return i;
    }
}
