// SPDX-License-Identifier: Apache-2.0
package kernel.core.module;

import java.util.Locale;

/**
 * A declared parameter of a module.
 *
 * @param type one of int, uint, long, bool, charp
 */
public record ModuleParameterInfo(String name, String type, String description) {
    /**
     * Reads a value as Linux's module parameters do (kstrtoint, kstrtobool): decimal, 0x and 0 prefixed numbers; for bool the first letter
     * of yes, true, 1, no, false, 0, or on and off.
     *
     * @return an Integer, Long, Boolean or String
     * @throws IllegalArgumentException saying what is wrong with the value
     */
    public Object parse(String value) {
        try {
            return switch (type) {
                case "int" -> Math.toIntExact(parseNumber(value));
                case "uint" -> parseUnsigned(value);
                case "long" -> parseNumber(value);
                case "bool" -> parseBoolean(value);
                case "charp" -> value;
                default -> throw new IllegalArgumentException("parameter '" + name + "' has unknown type " + type);
            };
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("'%s' invalid for parameter '%s' (%s)".formatted(value, name, type), e);
        }
    }

    private static Long parseNumber(String value) {
        if (value.contains("#")) {
            // Java's own prefix for hexadecimal numbers.
            throw new NumberFormatException(value);
        }
        return Long.decode(value);
    }

    private static Integer parseUnsigned(String value) {
        long number = parseNumber(value);
        if (value.startsWith("-") || number > 0xffff_ffffL) {
            throw new NumberFormatException(value);
        }
        return (int) number;
    }

    private Boolean parseBoolean(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (lower.matches("[yt1].*|on.*")) {
            return true;
        }
        if (lower.matches("[nf0].*|of.*")) {
            return false;
        }
        throw new IllegalArgumentException("'%s' invalid for parameter '%s' (bool)".formatted(value, name));
    }
}
