// SPDX-License-Identifier: Apache-2.0
package kernel.uapi;

/** Limits that the kernel sets and programs may rely on (Linux: include/uapi/linux/limits.h). */
public final class Limits {
    public static final int PAGE_SIZE = 4096;
    /** Longest path in bytes, the terminating zero included. */
    public static final int PATH_MAX = 4096;
    /** Longest name of a directory entry in bytes. */
    public static final int NAME_MAX = 255;
    /** The most one read or write moves. */
    public static final int MAX_RW_COUNT = 0x7fff_f000;
    /** Descriptors of a process (RLIMIT_NOFILE, soft). */
    public static final int OPEN_MAX = 1024;
    /** Bytes of arguments and environment of exec. */
    public static final int ARG_MAX = 131072;
    /** The most bytes a pipe takes in one piece. */
    public static final int PIPE_BUF = 4096;
    /** Symbolic links followed in one path walk. */
    public static final int MAXSYMLINKS = 40;

    private Limits() {}
}
