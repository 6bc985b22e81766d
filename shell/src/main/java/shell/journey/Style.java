// SPDX-License-Identifier: Apache-2.0
package shell.journey;

import shell.journey.Step.Lane;

/**
 * The characters of a picture and its colours.
 *
 * @param unicode whether the terminal can show box-drawing characters
 * @param colour whether it can show colours
 */
public record Style(boolean unicode, boolean colour) {
    private static final String RESET = "\u001b[0m";

    String vertical() {
        return unicode ? "│" : "|";
    }

    String arrowDown() {
        return unicode ? "▼" : "v";
    }

    String arrowUp() {
        return unicode ? "▲" : "^";
    }

    String bullet() {
        return unicode ? "◆" : "*";
    }

    String ellipsis() {
        return unicode ? "…" : "~";
    }

    String horizontal(int length) {
        return (unicode ? "═" : "=").repeat(Math.max(0, length));
    }

    /** The bottom of the U, with words in it; {@code length} is the distance of the sides. */
    String bend(int length, String words) {
        return unicode ? between("╰", "─", "╯", length, words) : between("'", "-", "'", length, words);
    }

    /** What joins the two sides halfway, with words in it. */
    String join(int length, String words) {
        return unicode ? between("├", "╌", "┤", length, words) : between("+", "-", "+", length, words);
    }

    private String between(String left, String line, String right, int length, String words) {
        String text = words.isEmpty() ? "" : " " + words + " ";
        int room = length - 1;
        if (text.length() > room) {
            text = text.substring(0, room - 1) + ellipsis();
        }
        int before = (room - text.length()) / 2;
        return left + line.repeat(before) + text + line.repeat(room - text.length() - before) + right;
    }

    String bold(String text) {
        return paint("1", text);
    }

    String dim(String text) {
        return paint("2", text);
    }

    String lane(Lane lane, String text) {
        return paint(
                switch (lane) {
                    case USER -> "32";
                    case KERNEL -> "33";
                    case HARDWARE -> "36";
                },
                text);
    }

    private String paint(String code, String text) {
        return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + RESET : text;
    }

    /** Pads to a width that does not count colours. */
    String pad(String text, int to) {
        int visible = text.replaceAll("\u001b\\[[0-9;]*m", "").length();
        return text + " ".repeat(Math.max(0, to - visible));
    }
}
