// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayList;
import java.util.List;

/**
 * The fields that a word becomes, in the making. Beside the text of each it keeps a pattern, in which the characters that were quoted have lost
 * their meaning.
 */
final class FieldBuilder {
    /** A field that is complete. */
    record Field(String text, String pattern) {}

    private final String separators;
    private final List<Field> fields = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder pattern = new StringBuilder();
    /** Whether there is a field at all, though it may be empty: it was quoted. */
    private boolean exists;
    /** Whether a blank has just ended a field: then a separator behind it belongs to the blank. */
    private boolean blankEnded;

    /** @param separators the value of IFS */
    FieldBuilder(String separators) {
        this.separators = separators;
    }

    /** Text of the word itself: it is not split; unquoted, it is a pattern. */
    void literal(String literal, boolean quoted) {
        text.append(literal);
        pattern.append(quoted ? Glob.escape(literal) : literal);
        exists |= quoted || !literal.isEmpty();
        blankEnded = false;
    }

    /** The value of something unquoted: it is split at the separators. */
    void value(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (separators.indexOf(c) < 0) {
                text.append(c);
                pattern.append(c == '\\' ? "\\\\" : Character.toString(c));
                exists = true;
                blankEnded = false;
            } else if (exists) {
                endField();
                blankEnded = isBlank(c);
            } else if (!isBlank(c)) {
                if (!blankEnded) {
                    exists = true;
                    endField();
                }
                blankEnded = false;
            }
        }
    }

    /** Ends the field, if there is one. */
    void endField() {
        if (exists) {
            fields.add(new Field(text.toString(), pattern.toString()));
        }
        text.setLength(0);
        pattern.setLength(0);
        exists = false;
    }

    List<Field> finish() {
        endField();
        return fields;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n';
    }
}
