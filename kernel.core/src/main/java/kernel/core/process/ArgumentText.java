// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import java.util.Arrays;
import kernel.core.memory.AddressSpace;
import kernel.uapi.MapFlags;
import kernel.uapi.OpenFlags;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;

/** Writes the arguments of one system call, one after the other. */
final class ArgumentText {
    private static final int STRING_MAX = 32;
    private static final int PATH_MAX = 4096;
    private static final int STRINGS_MAX = 32;
    private static final long NANOS_DIGITS = 1_000_000_000L;
    private static final String[] WHENCES = {"SEEK_SET", "SEEK_CUR", "SEEK_END", "SEEK_DATA", "SEEK_HOLE"};
    private static final String[] ACCESS = {"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"};

    private final AddressSpace memory;
    private final int number;
    private final long[] arguments;
    private final boolean after;
    private final long result;
    private final StringBuilder text = new StringBuilder();

    ArgumentText(Proc process, int number, long[] arguments, boolean after, long result) {
        this.number = number;
        this.arguments = arguments;
        this.after = after;
        this.result = result;
        memory = process.memory();
    }

    int number() {
        return number;
    }

    long argument(int index) {
        return index < arguments.length ? arguments[index] : 0;
    }

    /** Of a call that is not known: all of them. */
    void unknown() {
        for (int i = 0; i < arguments.length; i++) {
            append(i, ArgumentKind.HEX);
        }
    }

    void append(int index, ArgumentKind kind) {
        if (index > 0) {
            text.append(", ");
        }
        long value = argument(index);
        switch (kind) {
            case INT -> text.append((int) value);
            case LONG -> text.append(value);
            case POINTER -> pointer(value);
            case HEX -> hex(value);
            case DIRECTORY ->
                text.append((int) value == OpenFlags.AT_FDCWD ? "AT_FDCWD" : Integer.toString((int) value));
            case PATH -> string(value);
            case OPEN_FLAGS -> openFlags((int) value);
            case MODE -> text.append('0').append(Integer.toOctalString((int) value));
            case WHENCE ->
                text.append(value >= 0 && value < WHENCES.length ? WHENCES[(int) value] : Long.toString(value));
            case SIGNAL ->
                text.append(value > 0 && value < 32 ? "SIG" + Signal.name((int) value) : Long.toString(value));
            case HANDLER -> handler(value);
            case BUFFER_IN -> buffer(value, argument(index + 1));
            case BUFFER_OUT -> output(value);
            case STRINGS -> strings(value);
            case STRINGS_COUNTED -> countedStrings(value);
            case STATUS_OUT -> status(value);
            case PIPE_OUT -> pipe(value);
            case TIME_IN -> time(value);
            case TIME_OUT -> timeOut(value);
            case IOCTL -> ioctl((int) value);
            case WAIT_OPTIONS ->
                text.append(value == 0 ? "0" : value == 1 ? "WNOHANG" : "0x" + Long.toHexString(value));
            case PROTECTION -> protection((int) value);
            case MAP_FLAGS -> mapFlags((int) value);
            case MSYNC_FLAGS -> flags((int) value, 1, "MS_ASYNC", 2, "MS_INVALIDATE", 4, "MS_SYNC");
            case ADVICE -> advice((int) value);
            case POLL -> poll(value);
        }
    }

    private void pointer(long value) {
        if (value == 0) {
            text.append("NULL");
        } else {
            hex(value);
        }
    }

    private void hex(long value) {
        text.append(value == 0 ? "0" : "0x" + Long.toHexString(value));
    }

    // ---- strings

    private void string(long address) {
        byte[] bytes = peekString(address);
        if (bytes == null) {
            pointer(address);
        } else {
            quoted(bytes, bytes.length);
        }
    }

    /** Up to a terminator; null when it cannot be read. */
    private byte[] peekString(long address) {
        byte[] bytes = new byte[PATH_MAX];
        int length = address == 0 ? 0 : memory.peek(address, bytes, PATH_MAX);
        for (int i = 0; i < length; i++) {
            if (bytes[i] == 0) {
                return Arrays.copyOf(bytes, i);
            }
        }
        return null;
    }

    private void buffer(long address, long length) {
        byte[] bytes = new byte[Math.clamp(length, 0, STRING_MAX)];
        if (memory.peek(address, bytes, bytes.length) < bytes.length) {
            pointer(address);
            return;
        }
        quoted(bytes, bytes.length);
        if (length > bytes.length) {
            text.append("...");
        }
    }

    private void output(long address) {
        if (!after) {
            pointer(address);
        } else if (number == SystemCallNumber.GETCWD) {
            string(address);
        } else {
            buffer(address, result);
        }
    }

    private void quoted(byte[] bytes, int length) {
        text.append('"');
        for (int i = 0; i < length; i++) {
            character(bytes[i] & 0xff, i + 1 < length ? bytes[i + 1] & 0xff : 0);
        }
        text.append('"');
    }

    private void character(int c, int next) {
        switch (c) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\n' -> text.append("\\n");
            case '\t' -> text.append("\\t");
            case '\r' -> text.append("\\r");
            case '\f' -> text.append("\\f");
            case 0x0b -> text.append("\\v");
            default -> {
                if (c >= ' ' && c < 0x7f) {
                    text.append((char) c);
                } else {
                    boolean digitFollows = next >= '0' && next <= '7';
                    String octal = Integer.toOctalString(c);
                    text.append('\\').append(digitFollows ? "0".repeat(3 - octal.length()) + octal : octal);
                }
            }
        }
    }

    private void strings(long address) {
        if (address == 0) {
            text.append("NULL");
            return;
        }
        text.append('[');
        int count = 0;
        for (long string = word(address); string != 0; string = word(address + count * 8L)) {
            if (count > 0) {
                text.append(", ");
            }
            if (count == STRINGS_MAX) {
                text.append("...");
                break;
            }
            string(string);
            count++;
        }
        text.append(']');
    }

    private void countedStrings(long address) {
        pointer(address);
        if (address != 0) {
            int count = 0;
            while (count < PATH_MAX && word(address + count * 8L) != 0) {
                count++;
            }
            text.append(" /* ").append(count).append(count == 1 ? " var */" : " vars */");
        }
    }

    /** A word of user memory, 0 when it cannot be read. */
    private long word(long address) {
        byte[] bytes = new byte[Long.BYTES];
        return memory.peek(address, bytes, bytes.length) == bytes.length ? LittleEndian.getLong(bytes, 0) : 0;
    }

    private int half(long address) {
        byte[] bytes = new byte[Integer.BYTES];
        return memory.peek(address, bytes, bytes.length) == bytes.length ? LittleEndian.getInt(bytes, 0) : 0;
    }

    // ---- structures

    private void status(long address) {
        if (!after || address == 0 || result == 0) {
            pointer(address);
            return;
        }
        int status = half(address);
        if ((status & 0x7f) == 0) {
            text.append("[{WIFEXITED(s) && WEXITSTATUS(s) == ")
                    .append(status >> 8 & 0xff)
                    .append("}]");
        } else {
            text.append("[{WIFSIGNALED(s) && WTERMSIG(s) == SIG")
                    .append(Signal.name(status & 0x7f))
                    .append("}]");
        }
    }

    private void pipe(long address) {
        if (after) {
            text.append('[')
                    .append(half(address))
                    .append(", ")
                    .append(half(address + Integer.BYTES))
                    .append(']');
        } else {
            pointer(address);
        }
    }

    private void time(long address) {
        if (address == 0) {
            text.append("NULL");
        } else {
            text.append("{tv_sec=")
                    .append(word(address))
                    .append(", tv_nsec=")
                    .append(word(address + 8) % NANOS_DIGITS)
                    .append('}');
        }
    }

    private void timeOut(long address) {
        if (after) {
            time(address);
        } else {
            pointer(address);
        }
    }

    private void handler(long address) {
        if (address == 0) {
            text.append("NULL");
            return;
        }
        long handler = word(address);
        text.append("{sa_handler=");
        text.append(
                handler == Signal.SIG_DFL
                        ? "SIG_DFL"
                        : handler == Signal.SIG_IGN ? "SIG_IGN" : "0x" + Long.toHexString(handler));
        text.append(", sa_mask=[], sa_flags=")
                .append((word(address + 8) & Signal.SA_RESTART) != 0 ? "SA_RESTART" : "0")
                .append('}');
    }

    private void poll(long address) {
        text.append('[');
        long count = Math.clamp(argument(1), 0, STRINGS_MAX);
        for (int i = 0; i < count; i++) {
            long entry = address + i * 8L;
            int events = half(entry + Integer.BYTES);
            text.append(i > 0 ? ", " : "").append("{fd=").append(half(entry)).append(", events=");
            pollEvents(events & 0xffff);
            if (after && events >>> 16 != 0) {
                text.append(", revents=");
                pollEvents(events >>> 16);
            }
            text.append('}');
        }
        text.append(']');
    }

    // ---- flags

    private void pollEvents(int events) {
        flags(
                events,
                0x1,
                "POLLIN",
                0x2,
                "POLLPRI",
                0x4,
                "POLLOUT",
                0x8,
                "POLLERR",
                0x10,
                "POLLHUP",
                0x20,
                "POLLNVAL",
                0x40,
                "POLLRDNORM",
                0x100,
                "POLLWRNORM");
    }

    private void openFlags(int value) {
        if (number == SystemCallNumber.PIPE2 || number == SystemCallNumber.DUP3) {
            flags(value, OpenFlags.O_CLOEXEC, "O_CLOEXEC", OpenFlags.O_NONBLOCK, "O_NONBLOCK");
            return;
        }
        text.append(ACCESS[value & OpenFlags.O_ACCMODE]);
        int rest = value & ~OpenFlags.O_ACCMODE;
        if (rest != 0) {
            text.append('|');
            flags(
                    rest,
                    OpenFlags.O_CREAT,
                    "O_CREAT",
                    OpenFlags.O_EXCL,
                    "O_EXCL",
                    OpenFlags.O_NOCTTY,
                    "O_NOCTTY",
                    OpenFlags.O_TRUNC,
                    "O_TRUNC",
                    OpenFlags.O_APPEND,
                    "O_APPEND",
                    OpenFlags.O_NONBLOCK,
                    "O_NONBLOCK",
                    OpenFlags.O_SYNC,
                    "O_SYNC",
                    OpenFlags.O_DSYNC,
                    "O_DSYNC",
                    OpenFlags.O_DIRECT,
                    "O_DIRECT",
                    OpenFlags.O_DIRECTORY,
                    "O_DIRECTORY",
                    OpenFlags.O_NOFOLLOW,
                    "O_NOFOLLOW",
                    OpenFlags.O_CLOEXEC,
                    "O_CLOEXEC",
                    OpenFlags.O_PATH,
                    "O_PATH");
        }
    }

    private void protection(int value) {
        if (value == 0) {
            text.append("PROT_NONE");
        } else {
            flags(value, 1, "PROT_READ", 2, "PROT_WRITE", 4, "PROT_EXEC");
        }
    }

    private void mapFlags(int value) {
        flags(
                value,
                3,
                "MAP_SHARED_VALIDATE",
                1,
                "MAP_SHARED",
                2,
                "MAP_PRIVATE",
                0x10,
                "MAP_FIXED",
                0x20,
                "MAP_ANONYMOUS",
                0x8000,
                "MAP_POPULATE",
                0x10_0000,
                "MAP_FIXED_NOREPLACE");
    }

    private void advice(int value) {
        text.append(
                switch (value) {
                    case MapFlags.MADV_NORMAL -> "MADV_NORMAL";
                    case 1 -> "MADV_RANDOM";
                    case 2 -> "MADV_SEQUENTIAL";
                    case MapFlags.MADV_WILLNEED -> "MADV_WILLNEED";
                    case MapFlags.MADV_DONTNEED -> "MADV_DONTNEED";
                    case MapFlags.MADV_FREE -> "MADV_FREE";
                    default -> Integer.toString(value);
                });
    }

    /** @param masksAndNames a mask and its name, in turn */
    private void flags(int value, Object... masksAndNames) {
        int rest = value;
        String separator = "";
        for (int i = 0; i < masksAndNames.length; i += 2) {
            int mask = (Integer) masksAndNames[i];
            if ((rest & mask) == mask) {
                text.append(separator).append(masksAndNames[i + 1]);
                separator = "|";
                rest &= ~mask;
            }
        }
        if (rest != 0 || separator.isEmpty()) {
            text.append(separator).append(rest == 0 ? "0" : "0x" + Integer.toHexString(rest));
        }
    }

    private void ioctl(int command) {
        text.append(
                switch (command) {
                    case 0x5401 -> "TCGETS";
                    case 0x540f -> "TIOCGPGRP";
                    case 0x5410 -> "TIOCSPGRP";
                    case 0x5413 -> "TIOCGWINSZ";
                    default -> "0x" + Integer.toHexString(command);
                });
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
