// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;
import java.util.Locale;
import kernel.uapi.FileMode;
import userland.libc.FileStatus;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** stat(1). */
final class Stat implements Program {
    static final String USAGE = """
            Usage: stat [-L] FILE...
            Print what the kernel knows about files.

              -L   follow symbolic links
            """;

    private static final String TIME = "yyyy-MM-dd HH:mm:ss.nnnnnnnnn '+0000'";

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "L");
        if (options.operands().isEmpty()) {
            throw new UsageException("missing operand");
        }
        int exit = 0;
        for (String path : options.operands()) {
            try {
                FileStatus status = options.has('L') ? libc.stat(path) : libc.lstat(path);
                String target = status.isLink() ? " -> " + libc.readlink(path) : "";
                describe(path + target, status).forEach(libc.stdout()::println);
            } catch (SystemCallException.WriteFailed e) {
                throw e;
            } catch (SystemCallException e) {
                libc.warn("cannot statx '" + path + "': " + e.text());
                exit = 1;
            }
        }
        return exit;
    }

    private static List<String> describe(String name, FileStatus status) {
        String size = String.format(
                Locale.ROOT,
                "  Size: %-15d Blocks: %-10d IO Block: %-6d %s",
                status.sizeBytes(),
                status.blocks(),
                status.blockSizeBytes(),
                ModeText.typeName(status.mode(), status.sizeBytes()));
        String device = String.format(
                Locale.ROOT,
                "Device: %d,%d\tInode: %-11d Links: %d",
                FileMode.major(status.device()),
                FileMode.minor(status.device()),
                status.inode(),
                status.links());
        if (status.isCharacterDevice() || status.isBlockDevice()) {
            device += "     Device type: " + FileMode.major(status.rawDevice()) + ","
                    + FileMode.minor(status.rawDevice());
        }
        String access = String.format(
                Locale.ROOT,
                "Access: (%04o/%s)  Uid: (%5d/%8s)   Gid: (%5d/%8s)",
                status.mode() & FileMode.PERMISSIONS,
                ModeText.of(status.mode()),
                status.uid(),
                Names.of(status.uid()),
                status.gid(),
                Names.of(status.gid()));
        return List.of(
                "  File: " + name,
                size,
                device,
                access,
                "Access: " + new Moment(status.accessTimeNanos()).format(TIME),
                "Modify: " + new Moment(status.modificationTimeNanos()).format(TIME),
                "Change: " + new Moment(status.changeTimeNanos()).format(TIME));
    }
}
