// SPDX-License-Identifier: Apache-2.0
package kernel.api.block;

import kernel.uapi.Errno;

/** A block could not be had. */
public final class BlockException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** @param errno positive */
    public BlockException(int errno, String message) {
        super(message + ": " + Errno.text(errno));
        this.errno = errno;
    }

    /** Positive. */
    public int errno() {
        return errno;
    }
}
