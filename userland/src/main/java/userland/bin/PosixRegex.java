// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of POSIX, basic or extended, as grep(1) takes it, made into one of Java's. Matching has a budget of steps, because
 * Java's matcher may need exponentially many, and a program is not stoppable while it computes.
 */
final class PosixRegex {
    private static final int STEPS_MAX = 10_000_000;

    private final Pattern pattern;

    private PosixRegex(Pattern pattern) {
        this.pattern = pattern;
    }

    /** A string that stands for itself. */
    static PosixRegex literal(String text, boolean ignoreCase) {
        return new PosixRegex(compile(Pattern.quote(text), ignoreCase));
    }

    static PosixRegex of(String text, boolean extended, boolean ignoreCase) {
        return new PosixRegex(compile(new Translation(text, extended).toJava(), ignoreCase));
    }

    boolean find(String line) {
        return pattern.matcher(new CostlyText(line, new Budget())).find();
    }

    private static Pattern compile(String regex, boolean ignoreCase) {
        int flags = Pattern.DOTALL | Pattern.UNIX_LINES | (ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
        try {
            return Pattern.compile(regex, flags);
        } catch (PatternSyntaxException e) {
            throw new UsageException("invalid regular expression: " + e.getDescription());
        }
    }

    /** How often a line may still be looked at. */
    private static final class Budget {
        private int steps = STEPS_MAX;

        void spend() {
            if (--steps < 0) {
                throw new UsageException("exceeded the backtracking limit");
            }
        }
    }

    /** A line that costs at each look. */
    private record CostlyText(CharSequence text, Budget budget) implements CharSequence {
        @Override
        public char charAt(int index) {
            budget.spend();
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new CostlyText(text.subSequence(start, end), budget);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    /** One expression on its way from POSIX to Java. */
    private static final class Translation {
        private static final String OPERATORS = "(){}|+?";

        private final String text;
        private final boolean extended;
        private final StringBuilder java = new StringBuilder();
        private int at;
        /** Whether an expression begins here: there {@code *} is a star and {@code ^} an anchor. */
        private boolean atStart = true;

        Translation(String text, boolean extended) {
            this.text = text;
            this.extended = extended;
        }

        String toJava() {
            while (at < text.length()) {
                char c = text.charAt(at++);
                boolean start = atStart;
                atStart = false;
                switch (c) {
                    case '\\' -> escaped();
                    case '[' -> bracket();
                    case '*' -> java.append(start ? "\\*" : "*");
                    case '^' -> {
                        java.append(start || extended ? "^" : "\\^");
                        atStart = start;
                    }
                    case '$' -> java.append(extended || atEnd() ? "$" : "\\$");
                    case '.' -> java.append('.');
                    default -> {
                        if (OPERATORS.indexOf(c) >= 0) {
                            operator(c, extended);
                        } else {
                            literal(c);
                        }
                    }
                }
            }
            return java.toString();
        }

        private void operator(char c, boolean special) {
            boolean interval = c != '{' || (at < text.length() && Character.isDigit(text.charAt(at)));
            if (special && interval) {
                java.append(c);
                atStart = c == '(' || c == '|';
            } else {
                literal(c);
            }
        }

        private void escaped() {
            if (at == text.length()) {
                throw new UsageException("Trailing backslash");
            }
            char c = text.charAt(at++);
            if (OPERATORS.indexOf(c) >= 0) {
                operator(c, !extended);
            } else if (c == '<' || c == '>') {
                java.append("\\b");
            } else if ("wWsSbB".indexOf(c) >= 0 || (c >= '1' && c <= '9')) {
                java.append('\\').append(c);
            } else {
                literal(c);
            }
        }

        private void literal(char c) {
            if (c < 128 && !Character.isLetterOrDigit(c)) {
                java.append('\\');
            }
            java.append(c);
        }

        /** In a basic expression a dollar is an anchor only where an expression ends. */
        private boolean atEnd() {
            return at == text.length() || text.startsWith("\\)", at) || text.startsWith("\\|", at);
        }

        private void bracket() {
            java.append('[');
            if (at < text.length() && text.charAt(at) == '^') {
                java.append('^');
                at++;
            }
            int first = at;
            while (at < text.length() && (text.charAt(at) != ']' || at == first)) {
                char c = text.charAt(at);
                int classEnd = text.startsWith("[:", at) ? text.indexOf(":]", at) : -1;
                if (classEnd > 0) {
                    java.append(characterClass(text.substring(at + 2, classEnd)));
                    at = classEnd + 2;
                } else {
                    boolean range = c == '-' && at > first && at + 1 < text.length() && text.charAt(at + 1) != ']';
                    java.append(range || Character.isLetterOrDigit(c) || c >= 128 ? "" : "\\")
                            .append(c);
                    at++;
                }
            }
            if (at == text.length()) {
                throw new UsageException("Unmatched [, [^, [:, [., or [=");
            }
            at++;
            java.append(']');
        }

        private static String characterClass(String name) {
            return switch (name) {
                case "alpha" -> "\\p{Alpha}";
                case "digit" -> "\\p{Digit}";
                case "alnum" -> "\\p{Alnum}";
                case "upper" -> "\\p{Upper}";
                case "lower" -> "\\p{Lower}";
                case "space" -> "\\p{Space}";
                case "blank" -> "\\p{Blank}";
                case "punct" -> "\\p{Punct}";
                case "print" -> "\\p{Print}";
                case "graph" -> "\\p{Graph}";
                case "cntrl" -> "\\p{Cntrl}";
                case "xdigit" -> "\\p{XDigit}";
                default -> throw new UsageException("Invalid character class name");
            };
        }
    }
}
