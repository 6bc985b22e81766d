// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.math.BigDecimal;
import java.util.List;
import userland.libc.Libc;
import userland.libc.Program;

/** seq(1). */
final class Seq implements Program {
    static final String USAGE = """
            Usage: seq [-w] [-s STRING] [FIRST [STEP]] LAST
            Print numbers from FIRST to LAST.

              -s STRING   between the numbers, in place of a newline
              -w          all of the same width, with zeros in front
            """;

    private static final int DIGITS_MAX = 40;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(protectNegatives(arguments), "ws:");
        List<String> numbers = options.operands();
        if (numbers.isEmpty()) {
            throw new UsageException("missing operand");
        }
        if (numbers.size() > 3) {
            throw new UsageException("extra operand '" + numbers.get(3) + "'");
        }
        BigDecimal first = numbers.size() > 1 ? number(numbers.getFirst()) : BigDecimal.ONE;
        BigDecimal step = numbers.size() > 2 ? number(numbers.get(1)) : BigDecimal.ONE;
        BigDecimal last = number(numbers.getLast());
        if (step.signum() == 0) {
            throw new UsageException("invalid Zero increment value: '" + numbers.get(1) + "'");
        }
        int scale = Math.max(first.scale(), step.scale());
        int width = options.has('w')
                ? Math.max(
                        first.setScale(scale).toPlainString().length(),
                        last.toPlainString().length())
                : 0;
        String separator = options.has('s') ? options.value('s') : "\n";
        boolean any = false;
        for (BigDecimal n = first; step.signum() * n.compareTo(last) <= 0; n = n.add(step)) {
            libc.stdout().print((any ? separator : "") + pad(n.setScale(scale).toPlainString(), width));
            any = true;
        }
        if (any) {
            libc.stdout().println();
        }
        return 0;
    }

    /** A negative number is no option. */
    private static String[] protectNegatives(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].matches("-[0-9.]+")) {
                String[] separated = new String[arguments.length + 1];
                System.arraycopy(arguments, 0, separated, 0, i);
                separated[i] = "--";
                System.arraycopy(arguments, i, separated, i + 1, arguments.length - i);
                return separated;
            }
        }
        return arguments;
    }

    private static String pad(String digits, int width) {
        int zeros = Math.max(0, width - digits.length());
        return digits.startsWith("-") ? "-" + "0".repeat(zeros) + digits.substring(1) : "0".repeat(zeros) + digits;
    }

    private static BigDecimal number(String text) {
        if (text.length() > DIGITS_MAX || !text.matches("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)")) {
            throw new UsageException("invalid floating point argument: '" + text + "'");
        }
        return new BigDecimal(text);
    }
}
