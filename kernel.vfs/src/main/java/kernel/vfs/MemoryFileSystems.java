// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.FileMode.S_IFDIR;

import java.util.TreeSet;
import kernel.core.fs.FileSystemHost;
import kernel.uapi.Limits;

/** The kinds of file systems that the kernel itself has, and need no device; made anew for each mount, but for what shows the one kernel. */
final class MemoryFileSystems {
    /** Linux's mode of the root of a tmpfs. */
    private static final int TMPFS_MODE = 01777;

    private static final int FIRST_FREE_NUMBER = 16;
    private static final int OCTAL = 8;

    private final FileSystemHost host;
    private final FileSystem devices;
    private final Directory devicesRoot;
    private final ProcFileSystem proc;
    private final ProcFileSystem sys;
    private int lastNumber = FIRST_FREE_NUMBER;

    /** What is to be mounted, or why not. */
    record Fresh(int error, FileSystem fileSystem, Directory root, String options) {}

    MemoryFileSystems(
            FileSystemHost host, FileSystem devices, Directory devicesRoot, ProcFileSystem proc, ProcFileSystem sys) {
        this.host = host;
        this.devices = devices;
        this.devicesRoot = devicesRoot;
        this.proc = proc;
        this.sys = sys;
    }

    /** The file system for a mount of that type; null when the type is none of these. Under the mutex of mounts. */
    Fresh make(String type, String source, String options) {
        return switch (type) {
            case "tmpfs" -> tmpfs(source, options);
            case "devtmpfs" -> new Fresh(0, devices, devicesRoot, "mode=755");
            case "proc" -> new Fresh(0, proc.fileSystem(), proc.root(), "");
            case "sysfs" -> new Fresh(0, sys.fileSystem(), sys.root(), "");
            default -> null;
        };
    }

    private Fresh tmpfs(String source, String options) {
        int mode = TMPFS_MODE;
        for (String option : options.isEmpty() ? new String[0] : options.split(",")) {
            if (!option.matches("mode=[0-7]{1,4}")) {
                host.log("tmpfs").error("Unknown parameter '" + option.replaceFirst("=.*", "") + "'");
                return new Fresh(-EINVAL, null, null, "");
            }
            mode = Integer.parseInt(option.substring("mode=".length()), OCTAL);
        }
        FileSystem fileSystem = new FileSystem("tmpfs", ++lastNumber, Limits.PAGE_SIZE) {
            @Override
            String source() {
                return source;
            }
        };
        Inode.Birth birth = new Inode.Birth(S_IFDIR | mode, 0, 0, host.wallClockNanos());
        return new Fresh(0, fileSystem, new TreeDirectory(fileSystem, birth, false), options);
    }

    /** The text of /proc/filesystems. */
    String typesText() {
        StringBuilder text =
                new StringBuilder("nodev\tsysfs\nnodev\ttmpfs\nnodev\tdevtmpfs\nnodev\tproc\nnodev\tpipefs\n");
        for (String name : new TreeSet<>(host.fileSystems().names())) {
            text.append('\t').append(name).append('\n');
        }
        return text.toString();
    }
}
