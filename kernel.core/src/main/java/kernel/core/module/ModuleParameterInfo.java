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
     * Reads a value as Linux's module parameters do: decimal, 0x and 0 prefixed numbers, y/n/1/0 for bool.
     *
     * @return an Integer, Long, Boolean or String
     * @throws IllegalArgumentException saying what is wrong with the value
     */
    public Object parse(String value) {
        try {
            return switch (type) {
                case "int" -> Integer.decode(value);
                case "uint" -> parseUnsigned(value);
                case "long" -> Long.decode(value);
                case "bool" -> parseBoolean(value);
                case "charp" -> value;
                default -> throw new IllegalArgumentException("parameter '" + name + "' has unknown type " + type);
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' invalid for parameter '%s' (%s)".formatted(value, name, type), e);
        }
    }

    private static Integer parseUnsigned(String value) {
        long number = Long.decode(value);
        if (number < 0 || number > 0xffff_ffffL) {
            throw new NumberFormatException(value);
        }
        return (int) number;
    }

    private Boolean parseBoolean(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "y", "1", "on", "true" -> true;
            case "n", "0", "off", "false" -> false;
            default -> throw new IllegalArgumentException("'%s' invalid for parameter '%s' (bool)".formatted(value, name));
        };
    }
}
