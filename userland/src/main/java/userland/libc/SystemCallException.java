// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import kernel.uapi.Errno;

/**
 * A system call that answered an errno. The cases that programs tell apart most often have a class of their own; for the others there is
 * {@link #errno()}.
 */
public class SystemCallException extends RuntimeException {
    private final int errno;
    private final String call;
    private final String path;

    private SystemCallException(int errno, String call, String path) {
        super((path == null ? call : path) + ": " + Errno.text(errno));
        this.errno = errno;
        this.call = call;
        this.path = path;
    }

    /**
     * The exception for an errno, of a class of its own where programs want to catch it.
     *
     * @param path what the call was about, or null when it was not about a path
     */
    public static SystemCallException of(int errno, String call, String path) {
        return switch (errno) {
            case Errno.ENOENT -> new NoSuchFile(call, path);
            case Errno.ENODEV -> new NoSuchDevice(call, path);
            case Errno.EAGAIN -> new WouldBlock(call, path);
            case Errno.EINTR -> new Interrupted(call, path);
            default -> new SystemCallException(errno, call, path);
        };
    }

    static WriteFailed writeFailed(int errno) {
        return new WriteFailed(errno);
    }

    /** The error number, positive, one of {@link Errno}. */
    public final int errno() {
        return errno;
    }

    /** Such as {@code ENOENT}. */
    public final String name() {
        return Errno.name(errno);
    }

    /** Such as {@code No such file or directory}. */
    public final String text() {
        return Errno.text(errno);
    }

    /** The name of the call, such as {@code open}. */
    public final String call() {
        return call;
    }

    /** The path that the call was about; null when it was not about a path. */
    public final String path() {
        return path;
    }

    /** ENOENT. */
    public static final class NoSuchFile extends SystemCallException {
        private NoSuchFile(String call, String path) {
            super(Errno.ENOENT, call, path);
        }
    }

    /** ENODEV: the device went away, or there never was a driver for it. */
    public static final class NoSuchDevice extends SystemCallException {
        private NoSuchDevice(String call, String path) {
            super(Errno.ENODEV, call, path);
        }
    }

    /** EAGAIN: not now, and the descriptor is non-blocking. */
    public static final class WouldBlock extends SystemCallException {
        private WouldBlock(String call, String path) {
            super(Errno.EAGAIN, call, path);
        }
    }

    /** EINTR: a signal handler ran while the call slept. */
    public static final class Interrupted extends SystemCallException {
        private Interrupted(String call, String path) {
            super(Errno.EINTR, call, path);
        }
    }

    /** An {@link Output} could not write, whatever the errno: a program can go on after a bad input, but not after this. */
    public static final class WriteFailed extends SystemCallException {
        private WriteFailed(int errno) {
            super(errno, "write error", null);
        }
    }
}
