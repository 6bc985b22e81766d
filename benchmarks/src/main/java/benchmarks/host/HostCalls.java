// SPDX-License-Identifier: Apache-2.0
package benchmarks.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls into the host's C library. What never blocks is linked as critical, which leaves out the change of thread state: about the
 * price of a C call, so that the host is not charged for being called from Java. What may block must not be linked so,
 * for a critical call holds up every safepoint.
 */
public final class HostCalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CRITICAL = Linker.Option.critical(false);

    private static final MethodHandle ABS = link("abs", FunctionDescriptor.of(JAVA_INT, JAVA_INT), CRITICAL);
    private static final MethodHandle ABS_MAY_BLOCK = link("abs", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle GETPPID = link("getppid", FunctionDescriptor.of(JAVA_INT), CRITICAL);
    private static final MethodHandle OPEN = link(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), CRITICAL, Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), CRITICAL);
    private static final MethodHandle READ =
            link("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), CRITICAL);
    private static final MethodHandle PREAD =
            link("pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SYSTEM_CALL = link(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle READ_MAY_BLOCK =
            link("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE_MAY_BLOCK =
            link("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle PIPE = link("pipe", FunctionDescriptor.of(JAVA_INT, ADDRESS), CRITICAL);

    private static final MethodHandle SCHED_GETCPU = link("sched_getcpu", FunctionDescriptor.of(JAVA_INT), CRITICAL);
    private static final MethodHandle SCHED_SETAFFINITY =
            link("sched_setaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), CRITICAL);

    private HostCalls() {}

    /** A function that does next to nothing: what the crossing from Java itself costs. */
    public static int abs(int value) {
        try {
            return (int) ABS.invokeExact(value);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** As {@link #abs}, crossing in the way that calls which may block must. */
    public static int absMayBlock(int value) {
        try {
            return (int) ABS_MAY_BLOCK.invokeExact(value);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    public static int getppid() {
        try {
            return (int) GETPPID.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    public static int open(MemorySegment path, int flags) {
        try {
            return (int) OPEN.invokeExact(path, flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    public static int close(int fd) {
        try {
            return (int) CLOSE.invokeExact(fd);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** For files that never block, such as /dev/zero. */
    public static long read(int fd, MemorySegment to, long length) {
        try {
            return (long) READ.invokeExact(fd, to, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** At a position; may block. */
    public static long pread(int fd, MemorySegment to, long length, long position) {
        try {
            return (long) PREAD.invokeExact(fd, to, length, position);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A system call by its number; may block. -1 for any error. */
    public static long call(long number, long a0, long a1, long a2, long a3, long a4) {
        try {
            return (long) SYSTEM_CALL.invokeExact(number, a0, a1, a2, a3, a4);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    public static long readMayBlock(int fd, MemorySegment to, long length) {
        try {
            return (long) READ_MAY_BLOCK.invokeExact(fd, to, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    public static long writeMayBlock(int fd, MemorySegment from, long length) {
        try {
            return (long) WRITE_MAY_BLOCK.invokeExact(fd, from, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Makes a pipe; {@code ends} gets two ints, the end to read from and the end to write to. */
    public static int pipe(MemorySegment ends) {
        try {
            return (int) PIPE.invokeExact(ends);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The CPU that the calling thread runs on. */
    public static int currentCpu() {
        try {
            return (int) SCHED_GETCPU.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Restricts the calling thread to the CPUs of the mask. */
    public static int setAffinity(MemorySegment mask) {
        try {
            return (int) SCHED_SETAFFINITY.invokeExact(0, mask.byteSize(), mask);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @SuppressWarnings("restricted") // the command that runs the benchmarks enables native access
    private static MethodHandle link(String function, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(function), type, options);
    }

    private static AssertionError unexpected(Throwable cause) {
        return new AssertionError("a downcall throws nothing", cause);
    }
}
