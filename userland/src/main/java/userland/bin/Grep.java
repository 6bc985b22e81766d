// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import userland.libc.Input;
import userland.libc.Libc;
import userland.libc.Program;

/** grep(1). Lines are bytes: whatever they hold comes out as it went in. */
final class Grep implements Program {
    static final String USAGE = """
            Usage: grep [-EFchHilnqsvx] [-e] PATTERN [FILE]...
            Print the lines that match a pattern.

              -E   extended regular expressions, not basic ones
              -F   the pattern is no expression but stands for itself
              -c   only count the lines
              -h   no file names in front; -H: always
              -i   upper and lower case are the same
              -l   only the names of files with a match
              -n   with line numbers
              -q   print nothing, the exit status says it all
              -s   say nothing about files that cannot be read
              -v   the lines that do not match
              -x   whole lines only
            """;

    static final int TROUBLE = 2;

    private Libc libc;
    private Options options;
    private PosixRegex regex;
    private boolean names;
    private boolean matched;

    @Override
    public int main(Libc own, String[] arguments) {
        libc = own;
        options = Options.parse(arguments, "EFGchHilnqsvxe:");
        List<String> operands = new ArrayList<>(options.operands());
        if (!options.has('e') && operands.isEmpty()) {
            throw new UsageException("no pattern given");
        }
        regex = compile(options.has('e') ? options.value('e') : operands.removeFirst());
        names = options.has('H') || (operands.size() > 1 && !options.has('h'));
        FileLoop loop = new FileLoop(libc)
                .messages((name, e) -> options.has('s') ? null : name + ": " + e.text())
                .runLines(operands, (name, input) -> search(name.equals("-") ? "(standard input)" : name, input));
        if (matched && options.has('q')) {
            return 0;
        }
        if (loop.failed()) {
            return TROUBLE;
        }
        return matched ? 0 : 1;
    }

    private PosixRegex compile(String pattern) {
        String bytes = new String(pattern.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        if (options.has('F') && !options.has('x')) {
            return PosixRegex.literal(bytes, options.has('i'));
        }
        String text = options.has('F') ? bytes.replaceAll("[\\\\\\[\\]*.^$]", "\\\\$0") : bytes;
        if (options.has('x')) {
            text = options.has('E') ? "^(" + text + ")$" : "^\\(" + text + "\\)$";
        }
        return PosixRegex.of(text, options.has('E'), options.has('i'));
    }

    private void search(String name, Input input) {
        String prefix = names ? name + ":" : "";
        long number = 0;
        long count = 0;
        for (byte[] line = input.readLineBytes(); line != null; line = input.readLineBytes()) {
            number++;
            boolean newline = line[line.length - 1] == '\n';
            String text = new String(line, 0, newline ? line.length - 1 : line.length, StandardCharsets.ISO_8859_1);
            if (regex.find(text) == options.has('v')) {
                continue;
            }
            count++;
            matched = true;
            if (options.has('q')) {
                libc.exit(0);
            }
            if (options.has('l')) {
                libc.stdout().println(name);
                return;
            }
            if (!options.has('c')) {
                libc.stdout().print(options.has('n') ? prefix + number + ":" : prefix);
                libc.stdout().write(line, 0, line.length);
                if (!newline) {
                    libc.stdout().println();
                }
            }
        }
        if (options.has('c')) {
            libc.stdout().println(prefix + count);
        }
    }
}
