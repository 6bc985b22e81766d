// SPDX-License-Identifier: Apache-2.0
package kernel.api.fs;

/** A file system that cannot do what it must; the errno becomes the system call's. */
public final class FileSystemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * @param errno positive
     * @param message what the log is told, in Linux's words where Linux has some
     */
    public FileSystemException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    /** Positive. */
    public int errno() {
        return errno;
    }
}
