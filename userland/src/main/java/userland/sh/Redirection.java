// SPDX-License-Identifier: Apache-2.0
package userland.sh;

/**
 * {@code 2>file} and its like.
 *
 * @param fd the descriptor that is redirected
 * @param target the file's name or the other descriptor's number; null for a here-document
 * @param document the here-document; null for the others
 */
record Redirection(int fd, Kind kind, Word target, HereDocument document) {
    /** What is done with the descriptor. */
    enum Kind {
        READ,
        WRITE,
        APPEND,
        READ_WRITE,
        DUPLICATE,
        HERE
    }

    /** The lines behind {@code <<END}. They stand behind the line that names them, so they are filled in when that line has ended. */
    static final class HereDocument {
        final String delimiter;
        final boolean stripTabs;
        final boolean expand;
        private Word body;

        HereDocument(String delimiter, boolean stripTabs, boolean expand) {
            this.delimiter = delimiter;
            this.stripTabs = stripTabs;
            this.expand = expand;
        }

        void fill(Word text) {
            body = text;
        }

        Word body() {
            return body == null ? Word.literal("") : body;
        }
    }
}
