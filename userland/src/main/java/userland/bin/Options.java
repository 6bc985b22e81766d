// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a program, sorted into options and operands (getopt(3)). Options may stand anywhere; {@code --} ends them. */
final class Options {
    private final Map<Character, String> values = new HashMap<>();
    private final List<String> operands = new ArrayList<>();

    private Options() {}

    /**
     * Takes arguments apart.
     *
     * @param letters the options; one with a colon behind it has a value. A plus in front: the first operand ends the options
     */
    static Options parse(String[] arguments, String letters) {
        Options options = new Options();
        boolean operandEnds = letters.startsWith("+");
        int i = 0;
        while (i < arguments.length) {
            String argument = arguments[i++];
            if (argument.equals("--")) {
                break;
            }
            if (argument.startsWith("--")) {
                throw new UsageException("unrecognized option '" + argument + "'");
            }
            if (argument.length() > 1 && argument.charAt(0) == '-') {
                String next = i < arguments.length ? arguments[i] : null;
                if (options.takeCluster(argument, letters, next)) {
                    i++;
                }
            } else {
                options.operands.add(argument);
                if (operandEnds) {
                    break;
                }
            }
        }
        while (i < arguments.length) {
            options.operands.add(arguments[i++]);
        }
        return options;
    }

    /** Takes {@code -abc} or {@code -nVALUE}; whether it took the next argument too. */
    private boolean takeCluster(String cluster, String letters, String next) {
        for (int i = 1; i < cluster.length(); i++) {
            char letter = cluster.charAt(i);
            int at = letter == ':' || letter == '+' ? -1 : letters.indexOf(letter);
            if (at < 0) {
                throw new UsageException("invalid option -- '" + letter + "'");
            }
            if (at + 1 == letters.length() || letters.charAt(at + 1) != ':') {
                values.put(letter, "");
            } else if (i + 1 < cluster.length()) {
                values.put(letter, cluster.substring(i + 1));
                return false;
            } else if (next != null) {
                values.put(letter, next);
                return true;
            } else {
                throw new UsageException("option requires an argument -- '" + letter + "'");
            }
        }
        return false;
    }

    boolean has(char letter) {
        return values.containsKey(letter);
    }

    /** The value of an option, the last one if it was given more than once; null when it was not given. */
    String value(char letter) {
        return values.get(letter);
    }

    List<String> operands() {
        return operands;
    }
}
