// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;
import kernel.uapi.FileMode;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** chmod(1). */
final class Chmod implements Program {
    static final String USAGE = """
            Usage: chmod MODE FILE...
            Change the permissions of files.

              MODE   in octal, or changes such as +x, u+rw, go-w, a=r, one behind the other with commas
            """;

    private static final int ALL = 0777;

    @Override
    public int main(Libc libc, String[] arguments) {
        // No options: a mode such as -x is none.
        List<String> operands = List.of(arguments);
        if (operands.isEmpty()) {
            throw new UsageException("missing operand");
        }
        if (operands.size() == 1) {
            throw new UsageException("missing operand after '" + operands.getFirst() + "'");
        }
        String mode = operands.getFirst();
        change(mode, 0);
        int status = 0;
        for (String path : operands.subList(1, operands.size())) {
            try {
                libc.chmod(path, change(mode, libc.stat(path).mode() & FileMode.PERMISSIONS));
            } catch (SystemCallException e) {
                boolean access = e.call().equals("stat");
                libc.warn((access ? "cannot access '" + path : "changing permissions of '" + path) + "': " + e.text());
                status = 1;
            }
        }
        return status;
    }

    private static int change(String mode, int old) {
        if (mode.matches("[0-7]{1,4}")) {
            return Integer.parseInt(mode, 8);
        }
        int changed = old;
        for (String clause : mode.split(",", -1)) {
            if (!clause.matches("[ugoa]*[-+=][rwx]*")) {
                throw new UsageException("invalid mode: '" + mode + "'");
            }
            changed = changeOne(clause, changed);
        }
        return changed;
    }

    private static int changeOne(String clause, int old) {
        int operator = 0;
        while ("+-=".indexOf(clause.charAt(operator)) < 0) {
            operator++;
        }
        int who = who(clause.substring(0, operator));
        int bits = 0;
        for (char letter : clause.substring(operator + 1).toCharArray()) {
            bits |= who & (letter == 'r' ? 0444 : letter == 'w' ? 0222 : 0111);
        }
        return switch (clause.charAt(operator)) {
            case '+' -> old | bits;
            case '-' -> old & ~bits;
            default -> (old & ~who) | bits;
        };
    }

    private static int who(String letters) {
        int who = letters.isEmpty() ? ALL : 0;
        for (int i = 0; i < letters.length(); i++) {
            who |= switch (letters.charAt(i)) {
                case 'u' -> 0700;
                case 'g' -> 0070;
                case 'o' -> 0007;
                default -> ALL;
            };
        }
        return who;
    }
}
