// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.EPERM;

import java.util.List;
import kernel.uapi.Errno;
import kernel.uapi.MountFlags;
import userland.libc.Libc;
import userland.libc.Program;

/** umount(8). */
final class Umount implements Program {
    static final String USAGE = """
            Usage: umount [-flv] SOURCE|DIRECTORY...
            Unmount file systems.

              -f   even when the device does not answer
              -l   take it out of the tree now; it ends when nobody uses it any more
              -v   say what was unmounted
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "flv");
        if (options.operands().isEmpty()) {
            throw new UsageException("bad usage");
        }
        int flags = (options.has('f') ? MountFlags.MNT_FORCE : 0) | (options.has('l') ? MountFlags.MNT_DETACH : 0);
        int status = 0;
        for (String operand : options.operands()) {
            String target = target(libc, operand);
            int error = (int) -libc.raw().umount2(target, flags);
            if (error != 0) {
                libc.warn(operand + ": " + reason(error));
                status = Mount.FAILED;
            } else if (options.has('v')) {
                libc.stdout().println("umount: " + target + " unmounted");
            }
        }
        return status;
    }

    /** Where a device is mounted, the last place first; anything else is a place itself. */
    private static String target(Libc libc, String operand) {
        List<MountEntry> entries = MountEntry.all(libc);
        for (MountEntry entry : entries.reversed()) {
            if (entry.source().equals(operand) && operand.startsWith("/")) {
                return entry.target();
            }
        }
        return operand;
    }

    private static String reason(int error) {
        return switch (error) {
            case EBUSY -> "target is busy.";
            case EINVAL -> "not mounted.";
            case ENOENT -> "no mount point specified.";
            case EPERM -> "must be superuser to unmount.";
            default -> "umount failed: " + Errno.text(error) + ".";
        };
    }
}
