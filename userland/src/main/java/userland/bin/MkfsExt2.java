// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import kernel.uapi.BlockControl;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;
import userland.libc.Arena;
import userland.libc.FileStatus;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;
import userland.mkfs.Ext2Image;
import userland.mkfs.Ext2Layout;

/** mkfs.ext2, as mke2fs(8) makes it. Writes with pwrite(2) alone, so that a file does as well as a disk. */
final class MkfsExt2 implements Program {
    static final String USAGE = """
            Usage: mkfs.ext2 [-b BYTES] [-i BYTES] [-I BYTES] [-N INODES] [-m PERCENT] [-L LABEL] [-O FEATURES] [-nqF] DEVICE [BLOCKS]
            Make an ext2 file system.

              -b BYTES      of a block: 1024, 2048 or 4096
              -i BYTES      one inode for so many bytes of the device
              -I BYTES      of an inode: 128, 256, ...
              -N INODES     so many inodes
              -m PERCENT    of the blocks are for the superuser only, 5 when nothing is said
              -L LABEL      the volume's name
              -O FEATURES   none, filetype, sparse_super, large_file, separated by commas; ^ in front takes one away
              -n            say what would be done
              -q            say nothing
              -F            also when it is no block device
            """;

    private static final long SMALL_BYTES = 512L << 20;
    private static final long FLOPPY_BYTES = 3L << 20;
    private static final int LABEL_BYTES_MAX = 16;
    private static final int UUID_BYTES = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private String features = "";
    private Options options;

    @Override
    public int main(Libc libc, String[] arguments) {
        options = Options.parse(arguments, "b:i:I:N:m:L:O:nqF");
        List<String> operands = options.operands();
        if (operands.isEmpty() || operands.size() > 2) {
            throw new UsageException(
                    operands.isEmpty() ? "missing operand" : "extra operand '" + operands.get(2) + "'");
        }
        features = options.has('O') ? options.value('O') : "";
        String device = operands.getFirst();
        try {
            return make(libc, device, operands.size() > 1 ? operands.get(1) : null);
        } catch (Ext2Layout.LayoutException e) {
            libc.warn(device + ": " + e.getMessage());
            return 1;
        } catch (SystemCallException.WriteFailed e) {
            throw e;
        } catch (SystemCallException e) {
            libc.warn(describe(device, e));
            return 1;
        }
    }

    private static String describe(String device, SystemCallException e) {
        if ("open".equals(e.call()) && e.errno() == Errno.EBUSY) {
            return device + " is apparently in use by the system; will not make a filesystem here!";
        }
        return switch (e.call()) {
            case "open" -> "Could not open " + device + ": " + e.text();
            case "pwrite", "fsync" -> device + ": " + e.text() + " while writing the file system";
            default -> device + ": " + e.text();
        };
    }

    private int make(Libc libc, String device, String blocks) {
        FileStatus status = libc.stat(device);
        if (!status.isBlockDevice() && !options.has('F') && !status.isRegular()) {
            libc.warn(device + " is not a block special device.");
            return 1;
        }
        // Exclusively: a disk that is mounted is busy.
        int access = options.has('n') ? OpenFlags.O_RDONLY : OpenFlags.O_RDWR;
        int fd = libc.open(device, access | (status.isBlockDevice() ? OpenFlags.O_EXCL : 0));
        long bytes = status.isBlockDevice() ? sizeOf(libc, fd) : status.sizeBytes();
        Ext2Layout layout = new Ext2Layout(wish(bytes, blocks));
        byte[] uuid = uuid(libc);
        say(
                libc,
                "Creating filesystem with " + layout.blocks() + " "
                        + layout.wish().blockBytes() / 1024 + "k blocks and " + layout.inodes() + " inodes\n");
        if (!options.has('n')) {
            say(libc, "Filesystem UUID: " + text(uuid) + "\n");
        }
        sayCopies(libc, layout);
        if (!options.has('n')) {
            write(libc, fd, layout, uuid);
        }
        libc.close(fd);
        return 0;
    }

    private void write(Libc libc, int fd, Ext2Layout layout, byte[] uuid) {
        int now = (int) (libc.clock().realTimeNanos() / NANOS_PER_SECOND);
        Ext2Image image = new Ext2Image(layout, uuid, now, (position, bytes) -> pwrite(libc, fd, position, bytes));
        image.wipe();
        say(libc, "Allocating group tables: done\n");
        say(libc, "Writing inode tables: ");
        image.writeInodeTables();
        image.writeDirectories();
        image.writeBitmaps();
        sync(libc, fd);
        say(libc, "done\nWriting superblocks and filesystem accounting information: ");
        image.writeSuperblocks();
        sync(libc, fd);
        say(libc, "done\n\n");
    }

    // ---- what is wanted

    private Ext2Layout.Wish wish(long bytes, String blocks) {
        int blockBytes = (int) number('b', bytes < SMALL_BYTES ? 1024 : 4096);
        if (blockBytes != 1024 && blockBytes != 2048 && blockBytes != 4096) {
            throw new UsageException("invalid block size - " + blockBytes);
        }
        int inodeBytes = (int) number('I', 256);
        if (inodeBytes < 128 || inodeBytes > blockBytes || Integer.bitCount(inodeBytes) != 1) {
            throw new UsageException("invalid inode size " + inodeBytes + " (min 128/max " + blockBytes + ")");
        }
        long ratio = number('i', bytes < FLOPPY_BYTES ? 8192 : bytes < SMALL_BYTES ? 4096 : 16384);
        if (ratio < 1024) {
            throw new UsageException("invalid inode ratio " + options.value('i') + " (min 1024/max 67108864)");
        }
        long there = bytes / blockBytes;
        long count = blocks == null ? there : blocks(blocks, blockBytes);
        if (count > there || count > 0xffff_ffffL) {
            throw new UsageException(
                    "The file system size (" + count + " blocks) is larger than the device (" + there + " blocks)");
        }
        long inodes = number('N', count * blockBytes / ratio);
        if (options.has('N') && inodes == 0) {
            throw new UsageException("bad number of inodes - 0");
        }
        boolean none = Set.of(features.split(",", -1)).contains("none");
        return new Ext2Layout.Wish(
                blockBytes,
                count,
                inodeBytes,
                inodes,
                percent(),
                feature("filetype", !none),
                feature("sparse_super", !none),
                feature("large_file", !none),
                label());
    }

    /** As mke2fs takes it: blocks, or bytes with a letter behind them. */
    private static long blocks(String text, int blockBytes) {
        long number = Counts.parse(text, "blocks");
        return Character.isDigit(text.charAt(text.length() - 1)) ? number : number / blockBytes;
    }

    private long number(char option, long fallback) {
        return options.has(option) ? Counts.parse(options.value(option), "-" + option) : fallback;
    }

    private double percent() {
        if (!options.has('m')) {
            return 5;
        }
        try {
            double percent = Double.parseDouble(options.value('m'));
            if (percent >= 0 && percent <= 50) {
                return percent;
            }
        } catch (NumberFormatException _) {
            throw badPercent();
        }
        throw badPercent();
    }

    private UsageException badPercent() {
        return new UsageException("invalid reserved blocks percent - " + options.value('m'));
    }

    private String label() {
        String label = options.has('L') ? options.value('L') : "";
        if (label.getBytes(StandardCharsets.UTF_8).length > LABEL_BYTES_MAX) {
            throw new UsageException("label '" + label + "' is longer than 16 bytes");
        }
        return label;
    }

    private boolean feature(String name, boolean fallback) {
        boolean wanted = fallback;
        for (String feature : features.isEmpty() ? new String[0] : features.split(",", -1)) {
            String plain = feature.startsWith("^") ? feature.substring(1) : feature;
            if (!Set.of("none", "filetype", "sparse_super", "large_file").contains(plain)) {
                throw new UsageException("Invalid filesystem option set: " + features);
            }
            if (plain.equals(name)) {
                wanted = !feature.startsWith("^");
            }
        }
        return wanted;
    }

    // ---- the device

    private static long sizeOf(Libc libc, int fd) {
        try (Arena arena = libc.arena()) {
            long size = arena.allocate(Long.BYTES);
            int _ = libc.ioctl(fd, BlockControl.BLKGETSIZE64, size);
            return libc.processor().loadLong(size);
        }
    }

    private static void pwrite(Libc libc, int fd, long position, byte[] bytes) {
        long buffer = libc.ioBuffer();
        int done = 0;
        while (done < bytes.length) {
            int count = Math.min(bytes.length - done, Libc.IO_BUFFER_BYTES);
            libc.processor().store(buffer, bytes, done, count);
            long sent = 0;
            while (sent < count) {
                long result = libc.raw()
                        .call(SystemCallNumber.PWRITE64, fd, buffer + sent, count - sent, position + done + sent);
                sent += checked(result == 0 ? -Errno.EIO : result, "pwrite");
            }
            done += count;
        }
    }

    private static void sync(Libc libc, int fd) {
        long _ = checked(libc.raw().call(SystemCallNumber.FSYNC, fd), "fsync");
    }

    private static long checked(long result, String call) {
        if (result < 0) {
            throw SystemCallException.of((int) -result, call, null);
        }
        return result;
    }

    /** Sixteen bytes of chance, as version 4 has it. */
    private static byte[] uuid(Libc libc) {
        byte[] uuid = new byte[UUID_BYTES];
        try (Arena arena = libc.arena()) {
            long bytes = arena.allocate(UUID_BYTES);
            long _ = checked(libc.raw().call(SystemCallNumber.GETRANDOM, bytes, UUID_BYTES, 0), "getrandom");
            libc.processor().load(bytes, uuid, 0, UUID_BYTES);
        }
        uuid[6] = (byte) ((uuid[6] & 0x0f) | 0x40);
        uuid[8] = (byte) ((uuid[8] & 0x3f) | 0x80);
        return uuid;
    }

    // ---- what is said

    private void say(Libc libc, String text) {
        if (!options.has('q')) {
            libc.stdout().print(text);
        }
    }

    private void sayCopies(Libc libc, Ext2Layout layout) {
        StringJoiner copies = new StringJoiner(", ", "Superblock backups stored on blocks: \n\t", "\n");
        copies.setEmptyValue("");
        for (int group = 1; group < layout.groups(); group++) {
            if (layout.hasSuperblock(group)) {
                copies.add(Long.toString(layout.firstBlock(group)));
            }
        }
        say(libc, copies + "\n");
    }

    private static String text(byte[] uuid) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < uuid.length; i++) {
            text.append(i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "");
            text.append(String.format(Locale.ROOT, "%02x", uuid[i]));
        }
        return text.toString();
    }
}
