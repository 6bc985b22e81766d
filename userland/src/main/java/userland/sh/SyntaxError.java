// SPDX-License-Identifier: Apache-2.0
package userland.sh;

/** Text that is no shell program. */
final class SyntaxError extends RuntimeException {
    /** Of the shell, for such a text. */
    static final int STATUS = 2;

    SyntaxError(String near, int line) {
        super("syntax error near " + near + ": line " + line);
    }
}
