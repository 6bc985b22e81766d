// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.List;

/** A word as it was written, before anything is put in the place of its variables. */
record Word(List<Part> parts) {
    /** A piece of a word. Quoted: its value is neither split into fields nor a pattern. */
    sealed interface Part {
        boolean quoted();
    }

    /** Text that stands for itself. */
    record Literal(String text, boolean quoted) implements Part {}

    /**
     * {@code $x}, {@code ${x}}, {@code ${x:-word}}.
     *
     * @param operator such as {@code :-}; {@code length} for {@code ${#x}}; empty for the value itself
     * @param argument the word behind the operator; null without one
     */
    record Parameter(String name, String operator, Word argument, boolean quoted) implements Part {}

    /** {@code $(commands)}. */
    record Substitution(Command.Sequence commands, boolean quoted) implements Part {}

    /** {@code $((expression))}. */
    record Arithmetic(Word expression, boolean quoted) implements Part {}

    Word {
        parts = List.copyOf(parts);
    }

    static Word literal(String text) {
        return new Word(List.of(new Literal(text, false)));
    }

    /** The text of a word that is nothing but unquoted text, which is how reserved words and names look; else null. */
    String plainText() {
        return parts.size() == 1 && parts.getFirst() instanceof Literal(String text, boolean quoted) && !quoted
                ? text
                : null;
    }

    /** Whether any of it was quoted. */
    boolean isQuoted() {
        return parts.stream().anyMatch(Part::quoted);
    }
}
