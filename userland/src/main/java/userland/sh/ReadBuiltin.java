// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.List;
import userland.libc.Libc;
import userland.libc.Terminal;

/** {@code read}: a line of the standard input, split into variables. The last one gets the rest. */
final class ReadBuiltin {
    private ReadBuiltin() {}

    static int run(Interpreter shell, List<String> arguments) {
        Libc libc = shell.libc();
        boolean raw = false;
        int i = 0;
        while (i < arguments.size() && arguments.get(i).startsWith("-")) {
            String option = arguments.get(i++);
            if (option.equals("-r")) {
                raw = true;
            } else if (option.equals("-p") && i < arguments.size()) {
                prompt(libc, arguments.get(i++));
            } else {
                return Builtins.usage(shell, "read: " + option + ": invalid option");
            }
        }
        List<String> names = i < arguments.size() ? arguments.subList(i, arguments.size()) : List.of("REPLY");
        for (String name : names) {
            if (!WordReader.isName(name)) {
                return Builtins.usage(shell, "read: '" + name + "': not a valid identifier");
            }
        }
        LineInput input = new LineInput(libc, Libc.STDIN, shell.interrupts());
        StringBuilder line = new StringBuilder();
        boolean complete = false;
        String more = input.readLine();
        while (more != null) {
            complete = more.endsWith("\n");
            line.append(complete ? more.substring(0, more.length() - 1) : more);
            boolean joined = complete && !raw && endsWithBackslash(line);
            if (!joined) {
                break;
            }
            line.setLength(line.length() - 1);
            more = input.readLine();
        }
        assign(shell.state().variables, names, raw ? line.toString() : unescape(line));
        return complete ? 0 : 1;
    }

    private static void prompt(Libc libc, String text) {
        if (new Terminal(libc, Libc.STDIN).setPrompt(text) < 0) {
            libc.stderr().print(text);
        }
    }

    private static boolean endsWithBackslash(CharSequence line) {
        int count = 0;
        while (count < line.length() && line.charAt(line.length() - 1 - count) == '\\') {
            count++;
        }
        return count % 2 == 1;
    }

    private static String unescape(CharSequence line) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '\\' && i + 1 < line.length()) {
                i++;
            }
            text.append(line.charAt(i));
        }
        return text.toString();
    }

    private static void assign(Variables variables, List<String> names, String line) {
        String separators = variables.separators();
        int at = skipBlanks(line, 0, separators);
        for (int i = 0; i < names.size(); i++) {
            int end = at;
            if (i == names.size() - 1) {
                end = line.length();
                while (end > at && isBlank(line.charAt(end - 1), separators)) {
                    end--;
                }
            } else {
                while (end < line.length() && separators.indexOf(line.charAt(end)) < 0) {
                    end++;
                }
            }
            variables.set(names.get(i), line.substring(at, end));
            at = skipSeparator(line, end, separators);
        }
    }

    /** Blanks, and at most one other separator among them. */
    private static int skipSeparator(String line, int start, String separators) {
        int at = skipBlanks(line, start, separators);
        if (at < line.length() && separators.indexOf(line.charAt(at)) >= 0) {
            at = skipBlanks(line, at + 1, separators);
        }
        return at;
    }

    private static int skipBlanks(String line, int start, String separators) {
        int at = start;
        while (at < line.length() && isBlank(line.charAt(at), separators)) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c, String separators) {
        return (c == ' ' || c == '\t' || c == '\n') && separators.indexOf(c) >= 0;
    }
}
