// SPDX-License-Identifier: Apache-2.0
package userland.bin;

/** The program was called in a way that it does not understand. */
final class UsageException extends RuntimeException {
    UsageException(String message) {
        super(message);
    }
}
