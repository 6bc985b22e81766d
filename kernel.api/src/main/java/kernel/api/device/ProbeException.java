// SPDX-License-Identifier: Apache-2.0
package kernel.api.device;

import kernel.uapi.Errno;

/** A probe that fails with an errno; thrown from a driver's constructor, it ends as the error of insmod or of the bind. */
public final class ProbeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** @param errno a positive errno, see {@link Errno} */
    public ProbeException(int errno, String reason) {
        super(reason + ": " + Errno.text(errno));
        this.errno = errno;
    }

    /** The positive errno. */
    public int errno() {
        return errno;
    }
}
