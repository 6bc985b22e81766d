// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import kernel.api.device.ProbeException;
import kernel.uapi.Errno;

/** A driver that would not take a device, and why. */
final class ProbeFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;

    private ProbeFailure(int errno, String message, Throwable cause) {
        super(message, cause);
        this.errno = errno;
    }

    /** @param cause what the constructor threw, or null when the runtime does not say */
    static ProbeFailure of(String driver, String device, Throwable cause) {
        int given = cause instanceof ProbeException probe ? probe.errno() : Errno.EIO;
        // A sleep that a signal ended: nobody outside of the kernel knows that number.
        int errno = given == Errno.ERESTARTSYS ? Errno.EINTR : given;
        String why = cause == null ? "its component could not be activated" : describe(cause);
        return new ProbeFailure(
                errno, driver + ": probe of " + device + " failed with error -" + errno + ": " + why, cause);
    }

    private static String describe(Throwable cause) {
        if (cause instanceof ProbeException) {
            return cause.getMessage();
        }
        StackTraceElement[] frames = cause.getStackTrace();
        return cause + (frames.length == 0 ? "" : " at " + frames[0].getFileName() + ":" + frames[0].getLineNumber());
    }

    /** Positive. */
    int errno() {
        return errno;
    }
}
