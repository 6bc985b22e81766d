// SPDX-License-Identifier: Apache-2.0
package userland.libc;

/** Requests of ioctl(2) that a terminal answers (Linux: include/uapi/asm-generic/ioctls.h). */
public final class Terminal {
    public static final int TCGETS = 0x5401;
    public static final int TIOCGPGRP = 0x540F;
    public static final int TIOCSPGRP = 0x5410;
    public static final int TIOCGWINSZ = 0x5413;
    /** Our own: a pointer to the prompt that the terminal shows at the next read. */
    public static final int SET_PROMPT = 0x5501;

    private static final int TERMIOS_BYTES = 64;
    private static final int WINDOW_SIZE_BYTES = 8;

    private final Libc libc;
    private final int fd;

    public Terminal(Libc libc, int fd) {
        this.libc = libc;
        this.fd = fd;
    }

    /** Whether the descriptor is a terminal at all (isatty(3)). */
    public boolean exists() {
        try (Arena arena = libc.arena()) {
            return libc.raw().ioctl(fd, TCGETS, arena.allocate(TERMIOS_BYTES)) >= 0;
        }
    }

    /** The process group that gets the terminal's signals; negative errno when it is no terminal. */
    public int foreground() {
        try (Arena arena = libc.arena()) {
            long group = arena.allocate(Integer.BYTES);
            long result = libc.raw().ioctl(fd, TIOCGPGRP, group);
            return result < 0 ? (int) result : libc.processor().loadInt(group);
        }
    }

    /** Gives the terminal to a process group; a negative errno when that does not work. */
    public long setForeground(int processGroup) {
        try (Arena arena = libc.arena()) {
            long group = arena.allocate(Integer.BYTES);
            libc.processor().storeInt(group, processGroup);
            return libc.raw().ioctl(fd, TIOCSPGRP, group);
        }
    }

    /** What the terminal shows before the next line; a negative errno when it does not do that. */
    public long setPrompt(String prompt) {
        try (Arena arena = libc.arena()) {
            return libc.raw().ioctl(fd, SET_PROMPT, arena.string(prompt));
        }
    }

    /** Columns of the window, or the fallback when the terminal does not say. */
    public int columns(int fallback) {
        try (Arena arena = libc.arena()) {
            long size = arena.allocate(WINDOW_SIZE_BYTES);
            libc.processor().storeLong(size, 0);
            if (libc.raw().ioctl(fd, TIOCGWINSZ, size) < 0) {
                return fallback;
            }
            int columns = libc.processor().loadInt(size) >>> 16;
            return columns > 0 ? columns : fallback;
        }
    }
}
