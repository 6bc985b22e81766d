// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import userland.libc.Libc;
import userland.libc.Program;

/** printf(1). */
final class Printf implements Program {
    static final String USAGE = """
            Usage: printf FORMAT [ARGUMENT]...
            Print arguments as the format says, again and again until all are used.

              \\n \\t \\\\ \\a \\b \\c \\e \\f \\r \\v \\NNN \\xHH
              %d %i %u %x %X %o %s %b %c %%, with flags, width and precision
            """;

    private static final Pattern CONVERSION =
            Pattern.compile("%(?<flags>[-+ 0]*)(?<width>[0-9]{0,4})(\\.(?<precision>[0-9]{0,4}))?(?<letter>.)");
    /** In place of a precision that was not given. */
    private static final int NONE = -1;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Libc libc;
    private String[] arguments;
    private int next = 1;
    private boolean failed;

    @Override
    public int main(Libc own, String[] words) {
        libc = own;
        arguments = words;
        if (words.length == 0) {
            throw new UsageException("missing operand");
        }
        int before = next;
        boolean goOn = once(words[0]);
        while (goOn && next < words.length && next > before) {
            before = next;
            goOn = once(words[0]);
        }
        byte[] bytes = out.toByteArray();
        libc.stdout().write(bytes, 0, bytes.length);
        return failed ? 1 : 0;
    }

    /** Goes through the format once; false when it came to the end of all output. */
    private boolean once(String format) {
        int at = 0;
        Matcher conversion = CONVERSION.matcher(format);
        for (int percent = format.indexOf('%'); percent >= 0; percent = format.indexOf('%', at)) {
            if (!Escapes.write(format.substring(at, percent), false, out)) {
                return false;
            }
            if (!conversion.region(percent, format.length()).lookingAt()) {
                throw new UsageException(format.substring(percent) + ": invalid conversion specification");
            }
            if (!convert(conversion)) {
                return false;
            }
            at = conversion.end();
        }
        return Escapes.write(format.substring(at), false, out);
    }

    private boolean convert(Matcher conversion) {
        String precisionText = conversion.group("precision");
        int precision = precisionText == null ? NONE : precisionText.isEmpty() ? 0 : Integer.parseInt(precisionText);
        switch (conversion.group("letter")) {
            case "%" -> out.write('%');
            case "s" -> {
                String text = argument();
                pad(conversion, precision == NONE ? text : text.substring(0, Math.min(precision, text.length())));
            }
            case "c" -> {
                String text = argument();
                pad(conversion, text.isEmpty() ? "" : text.substring(0, 1));
            }
            case "b" -> {
                return Escapes.write(argument(), true, out);
            }
            case "d", "i", "u" -> {
                long value = number(argument());
                String sign = value < 0 ? "-" : conversion.group("flags").contains("+") ? "+" : "";
                digits(conversion, sign, Long.toString(value).replace("-", ""), precision);
            }
            case "x" -> digits(conversion, "", Long.toHexString(number(argument())), precision);
            case "X" ->
                digits(conversion, "", Long.toHexString(number(argument())).toUpperCase(Locale.ROOT), precision);
            case "o" -> digits(conversion, "", Long.toOctalString(number(argument())), precision);
            default -> throw new UsageException(conversion.group() + ": invalid conversion specification");
        }
        return true;
    }

    private void digits(Matcher conversion, String sign, String digits, int precision) {
        String flags = conversion.group("flags");
        int zeros = precision - digits.length();
        if (precision == NONE && flags.contains("0") && !flags.contains("-")) {
            zeros = width(conversion) - sign.length() - digits.length();
        }
        pad(conversion, sign + "0".repeat(Math.max(0, zeros)) + digits);
    }

    private void pad(Matcher conversion, String text) {
        String padded = conversion.group("flags").contains("-")
                ? LongListing.left(text, width(conversion))
                : LongListing.right(text, width(conversion));
        out.writeBytes(padded.getBytes(StandardCharsets.UTF_8));
    }

    private static int width(Matcher conversion) {
        String width = conversion.group("width");
        return width.isEmpty() ? 0 : Integer.parseInt(width);
    }

    /** The next argument; when there are no more, an empty one. */
    private String argument() {
        return next < arguments.length ? arguments[next++] : "";
    }

    private long number(String word) {
        try {
            if (word.length() > 1 && (word.startsWith("'") || word.startsWith("\""))) {
                return word.codePointAt(1);
            }
            return word.isEmpty() ? 0 : Long.decode(word.strip());
        } catch (NumberFormatException _) {
            libc.warn("'" + word + "': expected a numeric value");
            failed = true;
            return 0;
        }
    }
}
