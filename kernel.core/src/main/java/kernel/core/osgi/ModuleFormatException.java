// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

/** A file that is no module, or a module that cannot be loaded; the message goes to the kernel log, the errno to the caller. */
final class ModuleFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** @param errno positive */
    ModuleFormatException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}
