// SPDX-License-Identifier: Apache-2.0
package userland.sh;

/**
 * A piece of shell text.
 *
 * @param word for a word; null for the others
 * @param text the operator, or the digits in front of a redirection
 * @param line where it starts
 * @param start where it starts in the text of the command
 * @param end behind its last character
 */
record Token(Type type, Word word, String text, int line, int start, int end) {
    /** What it is. */
    enum Type {
        WORD,
        OPERATOR,
        /** Digits in front of {@code <} or {@code >}. */
        DESCRIPTOR,
        NEWLINE,
        END
    }

    boolean isOperator(String operator) {
        return type == Type.OPERATOR && text.equals(operator);
    }

    /** Whether it is this word, unquoted. */
    boolean isWord(String reserved) {
        return type == Type.WORD && reserved.equals(word.plainText());
    }

    /** How a message calls it. */
    String display() {
        return switch (type) {
            case END -> "end of file";
            case NEWLINE -> "newline";
            case WORD -> word.plainText() == null ? "word" : "'" + word.plainText() + "'";
            case OPERATOR, DESCRIPTOR -> "'" + text + "'";
        };
    }
}
