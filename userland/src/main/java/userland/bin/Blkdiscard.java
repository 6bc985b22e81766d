// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import kernel.uapi.BlockControl;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import userland.libc.Arena;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** blkdiscard(8): discards the sectors of a disk, or makes them zeroes. */
final class Blkdiscard implements Program {
    static final String USAGE = """
            Usage: blkdiscard [-fvz] [-o OFFSET] [-l LENGTH] [-p STEP] DEVICE
            Discard the contents of a disk, or of a part of it.

              -f   even when it is in use
              -l   how many bytes; to the end when it is not said
              -o   where to begin, in bytes
              -p   how many bytes at once
              -v   say what was done
              -z   make them zeroes instead of discarding them
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "fvzo:l:p:");
        if (options.operands().size() != 1) {
            throw new UsageException(
                    options.operands().isEmpty() ? "no device specified" : "unexpected number of arguments");
        }
        String device = options.operands().getFirst();
        int flags = OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC | (options.has('f') ? 0 : OpenFlags.O_EXCL);
        int fd;
        try {
            fd = libc.open(device, flags);
        } catch (SystemCallException e) {
            libc.warn("cannot open " + device + ": " + e.text());
            return 1;
        }
        try {
            return discard(libc, options, device, fd);
        } finally {
            libc.close(fd);
        }
    }

    private static int discard(Libc libc, Options options, String device, int fd) {
        if (!libc.fstat(fd).isBlockDevice()) {
            libc.warn(device + ": not a block device");
            return 1;
        }
        long size = ask(libc, fd, BlockControl.BLKGETSIZE64, true);
        long block = ask(libc, fd, BlockControl.BLKSSZGET, false);
        long offset = number(options, 'o', 0);
        if (offset > size) {
            libc.warn(device + ": offset is greater than device size");
            return 1;
        }
        long length = Math.min(number(options, 'l', size - offset), size - offset);
        long step = number(options, 'p', 0);
        if (offset % block != 0) {
            libc.warn("%s: offset %d is not aligned to sector size %d".formatted(device, offset, block));
            return 1;
        }
        if (length % block != 0) {
            libc.warn("%s: length %d is not aligned to sector size %d".formatted(device, length, block));
            return 1;
        }
        long end = offset + length;
        boolean zero = options.has('z');
        for (long at = offset; at < end; ) {
            long part = step > 0 ? Math.min(step, end - at) : end - at;
            long error = tell(libc, fd, zero ? BlockControl.BLKZEROOUT : BlockControl.BLKDISCARD, at, part);
            if (error < 0) {
                libc.warn("%s: %s ioctl failed: %s"
                        .formatted(device, zero ? "BLKZEROOUT" : "BLKDISCARD", Errno.text((int) -error)));
                return 1;
            }
            at += part;
        }
        if (options.has('v')) {
            libc.stdout()
                    .println("%s: %s %d bytes from the offset %d"
                            .formatted(device, zero ? "Zero-filled" : "Discarded", length, offset));
        }
        return 0;
    }

    private static long number(Options options, char letter, long other) {
        String value = options.value(letter);
        if (value == null) {
            return other;
        }
        long number = ByteCount.parse(value);
        if (number < 0) {
            throw new UsageException("failed to parse " + (letter == 'o' ? "offset" : letter == 'l' ? "length" : "step")
                    + ": '" + value + "'");
        }
        return number;
    }

    private static long ask(Libc libc, int fd, int command, boolean wide) {
        try (Arena arena = libc.arena()) {
            long answer = arena.allocate(Long.BYTES);
            libc.ioctl(fd, command, answer);
            return wide ? libc.processor().loadLong(answer) : libc.processor().loadInt(answer);
        }
    }

    private static long tell(Libc libc, int fd, int command, long offset, long length) {
        try (Arena arena = libc.arena()) {
            long range = arena.allocate(2L * Long.BYTES);
            libc.processor().storeLong(range, offset);
            libc.processor().storeLong(range + Long.BYTES, length);
            return libc.raw().ioctl(fd, command, range);
        }
    }
}
