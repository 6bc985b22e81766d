// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** Evaluates {@code $((expression))}: C's operators on 64-bit integers. */
final class Arithmetic {
    /** The longer ones first. */
    private static final List<String> OPERATORS = List.of(
            "<<=", ">>=", "**", "++", "--", "&&", "||", "<<", ">>", "<=", ">=", "==", "!=", "+=", "-=", "*=", "/=",
            "%=", "&=", "|=", "^=", "+", "-", "*", "/", "%", "<", ">", "=", "!", "~", "&", "|", "^", "?", ":", "(", ")",
            ",");

    private final String text;
    private final UnaryOperator<String> get;
    private final BiConsumer<String, String> set;
    private int at;
    /** Above zero: only read over it, as over the right side of {@code 0 && x}. */
    private int skipping;

    private Arithmetic(String text, UnaryOperator<String> get, BiConsumer<String, String> set) {
        this.text = text;
        this.get = get;
        this.set = set;
    }

    /** The value of an expression; an empty one is zero. */
    static long evaluate(String text, UnaryOperator<String> get, BiConsumer<String, String> set) {
        Arithmetic arithmetic = new Arithmetic(text, get, set);
        if (text.isBlank()) {
            return 0;
        }
        long value = arithmetic.comma();
        if (!arithmetic.operator().isEmpty() || arithmetic.at < text.length()) {
            throw arithmetic.error("syntax error");
        }
        return value;
    }

    private long comma() {
        long value = conditional();
        while (take(",")) {
            value = conditional();
        }
        return value;
    }

    private long conditional() {
        long condition = binary(1);
        if (!take("?")) {
            return condition;
        }
        skipping += condition == 0 ? 1 : 0;
        long yes = conditional();
        skipping -= condition == 0 ? 1 : 0;
        if (!take(":")) {
            throw error("':' expected");
        }
        skipping += condition == 0 ? 0 : 1;
        long no = conditional();
        skipping -= condition == 0 ? 0 : 1;
        return condition == 0 ? no : yes;
    }

    /** Operators that bind at least so tightly. */
    private long binary(int minimum) {
        long left = unary();
        while (true) {
            String operator = operator();
            int precedence = precedence(operator);
            if (precedence < minimum) {
                return left;
            }
            take(operator);
            boolean decided = (operator.equals("&&") && left == 0) || (operator.equals("||") && left != 0);
            skipping += decided ? 1 : 0;
            long right = binary(operator.equals("**") ? precedence : precedence + 1);
            skipping -= decided ? 1 : 0;
            left = apply(operator, left, right);
        }
    }

    private static int precedence(String operator) {
        return switch (operator) {
            case "||" -> 1;
            case "&&" -> 2;
            case "|" -> 3;
            case "^" -> 4;
            case "&" -> 5;
            case "==", "!=" -> 6;
            case "<", ">", "<=", ">=" -> 7;
            case "<<", ">>" -> 8;
            case "+", "-" -> 9;
            case "*", "/", "%" -> 10;
            case "**" -> 11;
            default -> 0;
        };
    }

    private long apply(String operator, long left, long right) {
        return switch (operator) {
            case "||" -> left != 0 || right != 0 ? 1 : 0;
            case "&&" -> left != 0 && right != 0 ? 1 : 0;
            case "|" -> left | right;
            case "^" -> left ^ right;
            case "&" -> left & right;
            case "==" -> left == right ? 1 : 0;
            case "!=" -> left != right ? 1 : 0;
            case "<" -> left < right ? 1 : 0;
            case ">" -> left > right ? 1 : 0;
            case "<=" -> left <= right ? 1 : 0;
            case ">=" -> left >= right ? 1 : 0;
            case "<<" -> left << right;
            case ">>" -> left >> right;
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / divisor(right);
            case "%" -> left % divisor(right);
            case "**" -> power(left, right);
            default -> throw error("syntax error");
        };
    }

    private long divisor(long value) {
        if (value == 0 && skipping == 0) {
            throw error("division by zero");
        }
        return value == 0 ? 1 : value;
    }

    private long power(long base, long exponent) {
        if (exponent < 0) {
            throw error("exponent less than 0");
        }
        long result = 1;
        long square = base;
        for (long left = exponent; left > 0; left >>= 1) {
            result *= (left & 1) == 0 ? 1 : square;
            square *= square;
        }
        return result;
    }

    private long unary() {
        if (take("++")) {
            return step(name(), 1, true);
        }
        if (take("--")) {
            return step(name(), -1, true);
        }
        if (take("+")) {
            return unary();
        }
        if (take("-")) {
            return -unary();
        }
        if (take("!")) {
            return unary() == 0 ? 1 : 0;
        }
        if (take("~")) {
            return ~unary();
        }
        if (take("(")) {
            long value = comma();
            if (!take(")")) {
                throw error("')' expected");
            }
            return value;
        }
        skipBlanks();
        if (at < text.length() && Character.isDigit(text.charAt(at))) {
            return number(word());
        }
        return variable(name());
    }

    private long variable(String name) {
        if (take("++")) {
            return step(name, 1, false);
        }
        if (take("--")) {
            return step(name, -1, false);
        }
        String operator = operator();
        if (operator.endsWith("=") && precedence(operator) == 0) {
            take(operator);
            long right = conditional();
            String arithmetic = operator.substring(0, operator.length() - 1);
            return assign(name, arithmetic.isEmpty() ? right : apply(arithmetic, value(name), right));
        }
        return value(name);
    }

    private long step(String name, long by, boolean before) {
        long old = value(name);
        assign(name, old + by);
        return before ? old + by : old;
    }

    private long assign(String name, long value) {
        if (skipping == 0) {
            set.accept(name, Long.toString(value));
        }
        return value;
    }

    private long value(String name) {
        String value = get.apply(name);
        return value == null || value.isBlank() ? 0 : number(value.strip());
    }

    private long number(String digits) {
        String plain = digits.startsWith("-") ? digits.substring(1) : digits;
        try {
            long value;
            if (plain.startsWith("0x") || plain.startsWith("0X")) {
                value = Long.parseUnsignedLong(plain.substring(2), 16);
            } else if (plain.length() > 1 && plain.startsWith("0")) {
                value = Long.parseLong(plain, 8);
            } else {
                value = Long.parseLong(plain);
            }
            return plain.length() == digits.length() ? value : -value;
        } catch (NumberFormatException _) {
            throw new ShellError(digits + ": arithmetic syntax error");
        }
    }

    private String name() {
        String name = word();
        if (!WordReader.isName(name)) {
            throw error("operand expected");
        }
        return name;
    }

    private String word() {
        skipBlanks();
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        return text.substring(start, at);
    }

    /** The operator that comes next, which stays; empty without one. */
    private String operator() {
        skipBlanks();
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                return operator;
            }
        }
        return "";
    }

    private boolean take(String operator) {
        if (operator().equals(operator)) {
            at += operator.length();
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private ShellError error(String what) {
        return new ShellError(text.strip() + ": arithmetic " + what);
    }
}
