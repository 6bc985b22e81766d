// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import kernel.uapi.FileMode;
import kernel.uapi.StatLayout;
import kernel.uapi.UserProcessor;

/** What stat(2) says about a file. Times are of the epoch. */
public record FileStatus(
        long device,
        long inode,
        long links,
        int mode,
        int uid,
        int gid,
        long rawDevice,
        long sizeBytes,
        long blockSizeBytes,
        long blocks,
        long accessTimeNanos,
        long modificationTimeNanos,
        long changeTimeNanos) {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    static FileStatus load(UserProcessor from, long address) {
        return new FileStatus(
                from.loadLong(address + StatLayout.DEV),
                from.loadLong(address + StatLayout.INO),
                from.loadLong(address + StatLayout.NLINK),
                from.loadInt(address + StatLayout.MODE),
                from.loadInt(address + StatLayout.UID),
                from.loadInt(address + StatLayout.GID),
                from.loadLong(address + StatLayout.RDEV),
                from.loadLong(address + StatLayout.SIZE),
                from.loadLong(address + StatLayout.BLKSIZE),
                from.loadLong(address + StatLayout.BLOCKS),
                time(from, address + StatLayout.ATIME),
                time(from, address + StatLayout.MTIME),
                time(from, address + StatLayout.CTIME));
    }

    public boolean isDirectory() {
        return FileMode.isDirectory(mode);
    }

    public boolean isRegular() {
        return FileMode.isRegular(mode);
    }

    public boolean isLink() {
        return FileMode.isLink(mode);
    }

    public boolean isCharacterDevice() {
        return FileMode.isCharacterDevice(mode);
    }

    public boolean isBlockDevice() {
        return (mode & FileMode.S_IFMT) == FileMode.S_IFBLK;
    }

    public boolean isPipe() {
        return (mode & FileMode.S_IFMT) == FileMode.S_IFIFO;
    }

    /** Whether anybody may execute it. */
    public boolean isExecutable() {
        return (mode & 0111) != 0;
    }

    private static long time(UserProcessor from, long address) {
        return from.loadLong(address) * NANOS_PER_SECOND + from.loadLong(address + 8);
    }
}
