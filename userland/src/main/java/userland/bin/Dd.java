// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import kernel.uapi.Limits;
import kernel.uapi.OpenFlags;
import kernel.uapi.Seek;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** dd(1). Each block is one read and one write, so it shows what a driver does with a size. */
final class Dd implements Program {
    static final String USAGE = """
            Usage: dd [if=FILE] [of=FILE] [bs=BYTES] [count=N] [skip=N] [seek=N] [conv=notrunc] [iflag=FLAGS] [oflag=FLAGS] [status=none]
            Copy in blocks, and say how many.

              bs=BYTES             of a block, 512 when nothing else is said; with K, M or G
              count=N              so many blocks
              skip=N, seek=N       begin that many blocks into the input, the output
              conv=                notrunc: leave what the output has behind the end; fsync, fdatasync: write to the disk
                                   before the end; sync: fill short blocks with zeroes; noerror: go on after errors of reading
              iflag=, oflag=       direct, nonblock, sync, append
            """;

    private static final Set<String> NAMES =
            Set.of("if", "of", "bs", "count", "skip", "seek", "conv", "iflag", "oflag", "status");
    private static final long BLOCK_BYTES_MAX = 16 << 20;
    private static final int MODE = 0666;
    private static final Set<String> CONVERSIONS = Set.of("notrunc", "fsync", "fdatasync", "sync", "noerror");

    private final Map<String, String> operands = new HashMap<>();
    private long wholeIn;
    private long partsIn;
    private long wholeOut;
    private long partsOut;
    private long bytes;

    @Override
    public int main(Libc libc, String[] arguments) {
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 0 || !NAMES.contains(argument.substring(0, equals))) {
                throw new UsageException("unrecognized operand '" + argument + "'");
            }
            operands.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        long size = number("bs", 512);
        if (size == 0 || size > BLOCK_BYTES_MAX) {
            throw new UsageException("invalid number: '" + operands.get("bs") + "'");
        }
        long count = number("count", Long.MAX_VALUE);
        long start = libc.clock().monotonicNanos();
        int status = 0;
        try {
            int in = input(libc, size);
            int out = output(libc, size);
            copy(libc, in, out, size, count);
            makeDurable(libc, out);
        } catch (SystemCallException e) {
            libc.warn(describe(e));
            status = 1;
            if (e.call().equals("open")) {
                return status;
            }
        }
        if (!"none".equals(operands.get("status"))) {
            report(libc, libc.clock().monotonicNanos() - start);
        }
        return status;
    }

    private int input(Libc libc, long size) {
        int fd = operands.containsKey("if")
                ? libc.open(operands.get("if"), OpenFlags.O_RDONLY | flags("iflag"))
                : Libc.STDIN;
        long skip = number("skip", 0);
        if (skip > 0 && libc.raw().lseek(fd, skip * size, Seek.SEEK_CUR) < 0) {
            long buffer = buffer(libc, size);
            long left = skip;
            while (left > 0 && libc.read(fd, buffer, size) > 0) {
                left--;
            }
        }
        return fd;
    }

    private int output(Libc libc, long size) {
        long seek = number("seek", 0);
        boolean keep = has("notrunc") || seek > 0;
        int flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | (keep ? 0 : OpenFlags.O_TRUNC) | flags("oflag");
        int fd = operands.containsKey("of") ? libc.open(operands.get("of"), flags, MODE) : Libc.STDOUT;
        if (seek > 0) {
            libc.lseek(fd, seek * size, Seek.SEEK_CUR);
        }
        return fd;
    }

    private void copy(Libc libc, int in, int out, long size, long count) {
        long buffer = buffer(libc, size);
        while (wholeIn + partsIn < count) {
            int got = readBlock(libc, in, buffer, size);
            if (got == 0) {
                return;
            }
            wholeIn += got == size ? 1 : 0;
            partsIn += got == size ? 0 : 1;
            int read = got;
            if (got < size && has("sync")) {
                libc.processor()
                        .store(
                                buffer + Math.max(0, got),
                                new byte[(int) size - Math.max(0, got)],
                                0,
                                (int) size - Math.max(0, got));
                read = (int) size;
            }
            int done = 0;
            while (done < read) {
                int written = libc.write(out, buffer + done, read - done);
                done += written;
                bytes += written;
            }
            wholeOut += read == size ? 1 : 0;
            partsOut += read == size ? 0 : 1;
        }
    }

    /** What was read; with conv=noerror, -1 for a block that cannot be, which is skipped. */
    private int readBlock(Libc libc, int in, long buffer, long size) {
        try {
            return libc.read(in, buffer, size);
        } catch (SystemCallException e) {
            if (!has("noerror")) {
                throw e;
            }
            libc.warn(describe(e));
            libc.lseek(in, size, Seek.SEEK_CUR);
            return -1;
        }
    }

    /** Whether a conversion is wanted. */
    private boolean has(String conversion) {
        for (String wanted : operands.getOrDefault("conv", "").split(",", -1)) {
            if (!wanted.isEmpty() && !CONVERSIONS.contains(wanted)) {
                throw new UsageException("invalid conversion: '" + wanted + "'");
            }
            if (wanted.equals(conversion)) {
                return true;
            }
        }
        return false;
    }

    private void makeDurable(Libc libc, int out) {
        long result = has("fsync")
                ? libc.raw().fsync(out)
                : has("fdatasync") ? libc.raw().fdatasync(out) : 0;
        if (result < 0) {
            throw SystemCallException.of((int) -result, "fsync", null);
        }
    }

    /** On a page boundary, as direct transfers want it. */
    private static long buffer(Libc libc, long size) {
        long block = libc.heap().malloc(size + Limits.PAGE_SIZE);
        return block + Limits.PAGE_SIZE - 1 & -Limits.PAGE_SIZE;
    }

    private int flags(String operand) {
        int flags = 0;
        for (String flag : operands.getOrDefault(operand, "").split(",", -1)) {
            flags |= switch (flag) {
                case "" -> 0;
                case "direct" -> OpenFlags.O_DIRECT;
                case "nonblock" -> OpenFlags.O_NONBLOCK;
                case "sync" -> OpenFlags.O_SYNC;
                case "append" -> OpenFlags.O_APPEND;
                default -> throw new UsageException("invalid flag: '" + flag + "'");
            };
        }
        return flags;
    }

    private long number(String operand, long fallback) {
        String text = operands.get(operand);
        return text == null ? fallback : Counts.parse(text, operand);
    }

    private String describe(SystemCallException e) {
        return switch (e.call()) {
            case "read" -> "error reading '" + operands.getOrDefault("if", "standard input") + "': " + e.text();
            case "write" -> "error writing '" + operands.getOrDefault("of", "standard output") + "': " + e.text();
            case "fsync" -> "fsync failed for '" + operands.getOrDefault("of", "standard output") + "': " + e.text();
            case "open" -> "failed to open '" + e.path() + "': " + e.text();
            default -> e.getMessage();
        };
    }

    private void report(Libc libc, long nanos) {
        double seconds = nanos / 1e9;
        String rate = nanos == 0 ? "Infinity B/s" : String.format(Locale.ROOT, "%.1f MB/s", bytes / 1e6 / seconds);
        libc.stderr().println(wholeIn + "+" + partsIn + " records in");
        libc.stderr().println(wholeOut + "+" + partsOut + " records out");
        libc.stderr().println(String.format(Locale.ROOT, "%d bytes copied, %.6g s, %s", bytes, seconds, rate));
    }
}
