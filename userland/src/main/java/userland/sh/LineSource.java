// SPDX-License-Identifier: Apache-2.0
package userland.sh;

/** Where the text of a shell program comes from, line by line. */
@FunctionalInterface
interface LineSource {
    /**
     * The next line with its newline, which the last one may lack; null at the end.
     *
     * @param continued whether a command has begun and is not complete yet
     */
    String nextLine(boolean continued);

    /** The lines of a text. */
    static LineSource of(String text) {
        return new LineSource() {
            private int at;

            @Override
            public String nextLine(boolean continued) {
                if (at == text.length()) {
                    return null;
                }
                int newline = text.indexOf('\n', at);
                int end = newline < 0 ? text.length() : newline + 1;
                String line = text.substring(at, end);
                at = end;
                return line;
            }
        };
    }
}
