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
            } else if (!Escapes.write(arguments[i], true, out)) {
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
}
