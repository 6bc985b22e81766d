// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOTBLK;
import static kernel.uapi.Errno.ENOTDIR;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.MountFlags.MS_RDONLY;
import static kernel.uapi.MountFlags.MS_REMOUNT;

import java.util.ArrayList;
import java.util.List;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import userland.libc.Input;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** mount(8). */
final class Mount implements Program {
    static final String USAGE = """
            Usage: mount [-t TYPE] [-o OPTIONS] [-rv] SOURCE DIRECTORY
                   mount -o remount[,OPTIONS] DIRECTORY
                   mount [-t TYPE]
            Mount a file system, or list what is mounted.

              -t TYPE      the kind of file system; without it those that the kernel knows are tried
              -o OPTIONS   separated by commas: ro, nosuid, nodev, noexec, sync, noatime, relatime, remount, and the file system's own
              -r           read-only
              -v           say what was mounted
            """;

    /** As mount(8): the kernel refused. */
    static final int FAILED = 32;

    private static final String NO_DEVICE = "nodev";

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "t:o:rwv");
        List<String> operands = options.operands();
        String type = options.has('t') ? options.value('t') : "";
        if (operands.isEmpty()) {
            list(libc, type);
            return 0;
        }
        MountOptions wanted = MountOptions.parse(options.has('o') ? options.value('o') : "");
        int flags = wanted.flags() | (options.has('r') ? MS_RDONLY : 0);
        if ((flags & MS_REMOUNT) != 0 && operands.size() == 1) {
            return remount(libc, operands.getFirst(), flags, wanted.rest());
        }
        if (operands.size() != 2) {
            throw new UsageException(operands.size() < 2 ? "bad usage" : "unexpected number of arguments");
        }
        return mount(libc, operands.get(0), operands.get(1), type, flags, wanted.rest(), options.has('v'));
    }

    private static void list(Libc libc, String type) {
        for (MountEntry entry : MountEntry.all(libc)) {
            if (type.isEmpty() || type.equals(entry.type())) {
                libc.stdout()
                        .println(entry.source() + " on " + entry.target() + " type " + entry.type() + " ("
                                + entry.options() + ")");
            }
        }
    }

    private static int remount(Libc libc, String target, int flags, String rest) {
        long result = libc.raw().mount("none", target, "", flags, rest);
        return result == 0 ? 0 : failed(libc, (int) -result, "", target, "");
    }

    private static int mount(
            Libc libc, String source, String target, String type, int wantedFlags, String rest, boolean verbose) {
        int flags = wantedFlags;
        int error = EINVAL;
        for (String candidate : candidates(libc, type)) {
            error = (int) -libc.raw().mount(source, target, candidate, flags, rest);
            if (error == EACCES && (flags & MS_RDONLY) == 0) {
                flags |= MS_RDONLY;
                error = (int) -libc.raw().mount(source, target, candidate, flags, rest);
                if (error == 0) {
                    libc.warn(target + ": WARNING: source write-protected, mounted read-only.");
                }
            }
            if (error == 0) {
                if (verbose) {
                    libc.stdout().println("mount: " + source + " mounted on " + target + ".");
                }
                return 0;
            }
            if (error != EINVAL && error != ENODEV) {
                break;
            }
        }
        return failed(libc, error, source, target, type);
    }

    /** What to try: the types that need a device, if none was said. */
    private static List<String> candidates(Libc libc, String type) {
        if (!type.isEmpty() && !type.equals("auto")) {
            return List.of(type);
        }
        List<String> types = new ArrayList<>();
        int fd = libc.open("/proc/filesystems", OpenFlags.O_RDONLY);
        Input input = libc.input(fd);
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (!line.startsWith(NO_DEVICE)) {
                types.add(line.strip());
            }
        }
        libc.close(fd);
        if (!types.contains("ext2")) {
            // Its module is loaded when it is wanted.
            types.add("ext2");
        }
        return types;
    }

    private static int failed(Libc libc, int error, String source, String target, String type) {
        String reason = switch (error) {
            case EPERM -> "must be superuser to use mount.";
            case EBUSY -> source.isEmpty() ? "mount point is busy." : source + " already mounted or mount point busy.";
            case ENODEV -> "unknown filesystem type '" + type + "'.";
            case ENOTBLK -> source + " is not a block device.";
            case ENOTDIR -> "mount point is not a directory.";
            case EACCES -> "cannot mount " + source + " read-only.";
            case ENOENT ->
                missing(libc, target) ? "mount point does not exist." : "special device " + source + " does not exist.";
            case EINVAL ->
                source.isEmpty()
                        ? "mount point not mounted or bad option."
                        : "wrong fs type, bad option, bad superblock on " + source
                                + ", missing codepage or helper program, or other error.";
            default -> "mount(2) system call failed: " + Errno.text(error) + ".";
        };
        libc.warn(target + ": " + reason);
        return FAILED;
    }

    private static boolean missing(Libc libc, String target) {
        try {
            libc.stat(target);
            return false;
        } catch (SystemCallException e) {
            return true;
        }
    }
}
