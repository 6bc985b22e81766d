// SPDX-License-Identifier: Apache-2.0
package userland.sh;

/** A mistake that ends the command, and a shell that is not interactive too. */
final class ShellError extends RuntimeException {
    ShellError(String message) {
        super(message);
    }
}
