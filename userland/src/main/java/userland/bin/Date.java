// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;
import userland.libc.Libc;
import userland.libc.Program;

/** date(1), which only tells. */
final class Date implements Program {
    static final String USAGE = """
            Usage: date [-u] [+FORMAT]
            Print the time of the kernel's clock.

              +FORMAT   with %Y %m %d %H %M %S %N %s %F %T %D %a %A %b %B %e %j %y %Z %z %n %t %%
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        List<String> operands = Options.parse(arguments, "u").operands();
        if (operands.size() > 1) {
            throw new UsageException("extra operand '" + operands.get(1) + "'");
        }
        Moment now = new Moment(libc.clock().realTimeNanos());
        if (operands.isEmpty()) {
            libc.stdout().println(now.full());
        } else if (operands.getFirst().startsWith("+")) {
            libc.stdout().println(format(now, operands.getFirst().substring(1)));
        } else {
            throw new UsageException("invalid date '" + operands.getFirst() + "'");
        }
        return 0;
    }

    private static String format(Moment now, String format) {
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < format.length()) {
            char c = format.charAt(i++);
            if (c == '%' && i < format.length()) {
                text.append(field(now, format.charAt(i++)));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static String field(Moment now, char letter) {
        return switch (letter) {
            case 'Y' -> now.format("yyyy");
            case 'm' -> now.format("MM");
            case 'd' -> now.format("dd");
            case 'H' -> now.format("HH");
            case 'M' -> now.format("mm");
            case 'S' -> now.format("ss");
            case 'N' -> now.format("nnnnnnnnn");
            case 's' -> Long.toString(now.epochSecond());
            case 'F' -> now.format("yyyy-MM-dd");
            case 'T' -> now.format("HH:mm:ss");
            case 'D' -> now.format("MM/dd/yy");
            case 'a' -> now.format("EEE");
            case 'A' -> now.format("EEEE");
            case 'b' -> now.format("MMM");
            case 'B' -> now.format("MMMM");
            case 'e' -> now.format("ppd");
            case 'j' -> now.format("DDD");
            case 'y' -> now.format("yy");
            case 'Z' -> "UTC";
            case 'z' -> "+0000";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> "%" + letter;
        };
    }
}
