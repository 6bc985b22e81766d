// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import kernel.uapi.FileMode;
import userland.libc.DirectoryEntry;
import userland.libc.FileStatus;
import userland.libc.Libc;
import userland.libc.SearchPath;
import userland.libc.SystemCallException;

/** Copies a file of any kind, a directory with all below it (cp -r). Goes on after what cannot be copied. */
final class CopyTree {
    private final Libc libc;
    /** The first directory that was made: what is in it is not copied again. */
    private FileStatus top;

    CopyTree(Libc libc) {
        this.libc = libc;
    }

    /** Answers the exit status. */
    int copy(String source, String target) {
        try {
            FileStatus status = libc.lstat(source);
            if (status.isDirectory()) {
                return copyDirectory(source, target, status);
            }
            if (status.isLink()) {
                libc.symlink(libc.readlink(source), target);
                return 0;
            }
            if (status.isRegular()) {
                return Cp.copy(libc, source, target);
            }
            libc.warn("cannot copy special file '" + source + "'");
            return 1;
        } catch (SystemCallException e) {
            libc.warn(describe(e, source, target));
            return 1;
        }
    }

    private static String describe(SystemCallException e, String source, String target) {
        return switch (e.call()) {
            case "lstat" -> "cannot stat '" + source + "': " + e.text();
            case "readlink" -> "cannot read symbolic link '" + source + "': " + e.text();
            case "symlink" -> "cannot create symbolic link '" + target + "': " + e.text();
            case "mkdir", "stat" -> "cannot create directory '" + target + "': " + e.text();
            default -> "cannot access '" + source + "': " + e.text();
        };
    }

    private int copyDirectory(String source, String target, FileStatus from) {
        if (top != null && from.inode() == top.inode() && from.device() == top.device()) {
            libc.warn("cannot copy a directory, '" + source + "', into itself, '" + target + "'");
            return 1;
        }
        boolean isNew = libc.raw().lstat(target, libc.ioBuffer()) < 0;
        if (isNew) {
            // Writable for us until all is in it.
            libc.mkdir(target, (from.mode() & FileMode.PERMISSIONS) | 0700);
        } else if (!libc.stat(target).isDirectory()) {
            libc.warn("cannot overwrite non-directory '" + target + "' with directory '" + source + "'");
            return 1;
        }
        top = top == null ? libc.stat(target) : top;
        int status = 0;
        for (DirectoryEntry entry : libc.listDirectory(source)) {
            if (!entry.name().equals(".") && !entry.name().equals("..")) {
                status |= copy(SearchPath.join(source, entry.name()), SearchPath.join(target, entry.name()));
            }
        }
        if (isNew && (from.mode() & 0700) != 0700) {
            libc.chmod(target, from.mode() & FileMode.PERMISSIONS);
        }
        return status;
    }
}
