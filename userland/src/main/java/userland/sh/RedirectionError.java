// SPDX-License-Identifier: Apache-2.0
package userland.sh;

/** A redirection that could not be made: the command is not executed, the shell goes on. */
final class RedirectionError extends RuntimeException {
    RedirectionError(String message) {
        super(message);
    }
}
