// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import userland.libc.FileStatus;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;
import userland.libc.Terminal;

/** test(1), which is also called {@code [}. */
final class Test implements Program {
    static final String USAGE = """
            Usage: test EXPRESSION
            Answer by the exit status: 0 true, 1 false, 2 a mistake.

              STRING, -n STRING        it is not empty
              -z STRING                it is empty
              A = B, A != B            of strings
              A -eq B                  of numbers; also -ne -lt -le -gt -ge
              -e FILE                  it exists; -f regular, -d directory, -L link,
                                       -c character device, -b block device, -p pipe, -s not empty
              -r FILE, -w, -x          it may be read, written, executed
              -t FD                    it is a terminal
              ! X, X -a Y, X -o Y, ( X )
            """;

    static final String USAGE_BRACKET = USAGE.replace("Usage: test EXPRESSION", "Usage: [ EXPRESSION ]");

    static final int TROUBLE = 2;

    private Libc libc;
    private List<String> words;
    private int at;

    @Override
    public int main(Libc own, String[] arguments) {
        libc = own;
        words = new ArrayList<>(Arrays.asList(arguments));
        if (libc.programName().equals("[")) {
            if (words.isEmpty() || !words.removeLast().equals("]")) {
                libc.warn("missing ']'");
                return TROUBLE;
            }
        }
        try {
            boolean answer = !words.isEmpty() && or();
            if (at < words.size()) {
                throw new UsageException("extra argument '" + words.get(at) + "'");
            }
            return answer ? 0 : 1;
        } catch (UsageException e) {
            libc.warn(e.getMessage());
            return TROUBLE;
        }
    }

    private boolean or() {
        boolean answer = and();
        while (take("-o")) {
            answer |= and();
        }
        return answer;
    }

    private boolean and() {
        boolean answer = primary();
        while (take("-a")) {
            answer &= primary();
        }
        return answer;
    }

    private boolean primary() {
        int left = words.size() - at;
        if (left == 0) {
            throw new UsageException("missing argument after '" + words.getLast() + "'");
        }
        if (left >= 3 && isBinary(words.get(at + 1))) {
            at += 3;
            return binary(words.get(at - 3), words.get(at - 2), words.get(at - 1));
        }
        if (left >= 2 && take("!")) {
            return !primary();
        }
        if (left >= 2 && take("(")) {
            boolean answer = or();
            if (!take(")")) {
                throw new UsageException("')' expected");
            }
            return answer;
        }
        String word = words.get(at++);
        if (left >= 2
                && word.length() == 2
                && word.charAt(0) == '-'
                && "nzefdLhcbpsrwxt".indexOf(word.charAt(1)) >= 0) {
            return unary(word.charAt(1), words.get(at++));
        }
        return !word.isEmpty();
    }

    private boolean take(String word) {
        if (at < words.size() && words.get(at).equals(word)) {
            at++;
            return true;
        }
        return false;
    }

    private boolean unary(char operator, String operand) {
        return switch (operator) {
            case 'n' -> !operand.isEmpty();
            case 'z' -> operand.isEmpty();
            case 't' -> new Terminal(libc, (int) number(operand)).exists();
            default -> file(operator, operand);
        };
    }

    private boolean file(char operator, String path) {
        FileStatus status;
        try {
            status = operator == 'L' || operator == 'h' ? libc.lstat(path) : libc.stat(path);
        } catch (SystemCallException _) {
            return false;
        }
        return switch (operator) {
            case 'f' -> status.isRegular();
            case 'd' -> status.isDirectory();
            case 'L', 'h' -> status.isLink();
            case 'c' -> status.isCharacterDevice();
            case 'b' -> status.isBlockDevice();
            case 'p' -> status.isPipe();
            case 's' -> status.sizeBytes() > 0;
            case 'r' -> (status.mode() & 0444) != 0;
            case 'w' -> (status.mode() & 0222) != 0;
            case 'x' -> status.isExecutable();
            default -> true;
        };
    }

    private static boolean isBinary(String word) {
        return switch (word) {
            case "=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge" -> true;
            default -> false;
        };
    }

    private static boolean binary(String left, String operator, String right) {
        return switch (operator) {
            case "=", "==" -> left.equals(right);
            case "!=" -> !left.equals(right);
            case "-eq" -> number(left) == number(right);
            case "-ne" -> number(left) != number(right);
            case "-lt" -> number(left) < number(right);
            case "-le" -> number(left) <= number(right);
            case "-gt" -> number(left) > number(right);
            default -> number(left) >= number(right);
        };
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException _) {
            throw new UsageException(text + ": integer expression expected");
        }
    }
}
