// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

/** What an argument of a system call is, for writing it down. */
enum ArgumentKind {
    /** A decimal number; also a descriptor. */
    INT,
    /** An unsigned decimal number of 64 bits. */
    LONG,
    /** An address, or NULL. */
    POINTER,
    /** A number in hexadecimal. */
    HEX,
    /** A descriptor of a directory or AT_FDCWD. */
    DIRECTORY,
    /** A string. */
    PATH,
    OPEN_FLAGS,
    /** Permission bits, in octal. */
    MODE,
    WHENCE,
    SIGNAL,
    /** What sigaction did or asks. */
    HANDLER,
    /** A buffer that the call reads, with its length in the next argument. */
    BUFFER_IN,
    /** A buffer that the call writes; the result is how much. */
    BUFFER_OUT,
    /** An array of strings. */
    STRINGS,
    /** An array too long to be shown: how many. */
    STRINGS_COUNTED,
    /** A status of wait, written by the call. */
    STATUS_OUT,
    /** Two descriptors, written by the call. */
    PIPE_OUT,
    TIME_IN,
    TIME_OUT,
    IOCTL,
    WAIT_OPTIONS,
    PROTECTION,
    MAP_FLAGS,
    MSYNC_FLAGS,
    ADVICE,
    POLL;

    /** Whether it can be shown in full only after the call. */
    boolean isOutput() {
        return this == BUFFER_OUT || this == STATUS_OUT || this == PIPE_OUT || this == TIME_OUT || this == POLL;
    }
}
