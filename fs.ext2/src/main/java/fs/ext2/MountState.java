// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.EROFS;

import kernel.api.context.ProcessContext;
import kernel.api.fs.FileSystemException;
import kernel.api.fs.MountRequest;

/**
 * Whether a mounted file system is whole and whether it may be written, in memory and in its superblock (Linux: fs/ext2/super.c, ext2_setup_super,
 * ext2_error, ext2_sync_super).
 */
final class MountState {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final MountRequest request;
    private final Superblock superblock;
    private final MountOptions.OnError onError;
    private volatile boolean readOnly;
    /** The state that the superblock gets when it is unmounted. */
    private volatile int stateAfter;

    MountState(MountRequest request, Superblock superblock, MountOptions options) {
        this.request = request;
        this.superblock = superblock;
        onError = options.onError(superblock);
        readOnly = request.isReadOnly();
        stateAfter = superblock.getShort(SuperblockField.STATE);
    }

    boolean isReadOnly() {
        return readOnly;
    }

    /** Seconds since the epoch. */
    int now() {
        return (int) (request.wallClockNanos() / NANOS_PER_SECOND);
    }

    void warn(String message) {
        request.log().warn("warning: " + message);
    }

    /**
     * The file system is damaged: says so, marks it for e2fsck, and does what the mount option {@code errors} says.
     *
     * @param function where it was noticed, in Linux's terms
     * @return what to throw
     */
    FileSystemException damaged(ProcessContext context, String function, String message) {
        report(context, function, message);
        return new FileSystemException(EIO, function);
    }

    /** As {@link #damaged}, where work goes on around the damage. */
    void report(ProcessContext context, String function, String message) {
        boolean wasReadOnly = readOnly;
        if (!wasReadOnly) {
            stateAfter |= SuperblockField.STATE_ERROR;
            superblock.putShort(
                    SuperblockField.STATE, superblock.getShort(SuperblockField.STATE) | SuperblockField.STATE_ERROR);
            superblock.markDirty();
            if (superblock.sync(context) < 0) {
                request.log().error("previous I/O error to superblock detected");
            }
        }
        request.log().error("error: " + function + ": " + message);
        if (onError == MountOptions.OnError.PANIC) {
            request.panic(context, "EXT2-fs: panic from previous error");
        }
        if (onError == MountOptions.OnError.REMOUNT_READ_ONLY && !wasReadOnly) {
            request.log().error("error: remounting filesystem read-only");
            readOnly = true;
            request.forceReadOnly();
        }
    }

    /**
     * Looks before the first write whether it may be written, and notes in the superblock that it is in use: what is in its place after a crash is not
     * valid. 0, -EROFS or -EIO.
     */
    int beginWriting(ProcessContext context) {
        if (superblock.getUnsigned(SuperblockField.REVISION_LEVEL) > SuperblockField.REVISION_DYNAMIC) {
            request.log().error("error: revision level too high, forcing read-only mode");
            readOnly = true;
            request.forceReadOnly();
            return -EROFS;
        }
        stateAfter = superblock.getShort(SuperblockField.STATE);
        adviseCheck();
        if (superblock.getShort(SuperblockField.MAX_MOUNT_COUNT) == 0) {
            superblock.putShort(SuperblockField.MAX_MOUNT_COUNT, SuperblockField.DEFAULT_MAX_MOUNT_COUNT);
        }
        superblock.putShort(SuperblockField.MOUNT_COUNT, superblock.getShort(SuperblockField.MOUNT_COUNT) + 1);
        superblock.putShort(SuperblockField.STATE, stateAfter & ~SuperblockField.STATE_VALID);
        superblock.putInt(SuperblockField.MOUNT_TIME, now());
        superblock.putInt(SuperblockField.WRITE_TIME, now());
        superblock.markDirty();
        int error = superblock.sync(context);
        readOnly = error < 0;
        return error;
    }

    private void adviseCheck() {
        short maxMounts = (short) superblock.getShort(SuperblockField.MAX_MOUNT_COUNT);
        long interval = superblock.getUnsigned(SuperblockField.CHECK_INTERVAL);
        if ((stateAfter & SuperblockField.STATE_VALID) == 0) {
            warn("mounting unchecked fs, running e2fsck is recommended");
        } else if ((stateAfter & SuperblockField.STATE_ERROR) != 0) {
            warn("mounting fs with errors, running e2fsck is recommended");
        } else if (maxMounts >= 0 && superblock.getShort(SuperblockField.MOUNT_COUNT) >= maxMounts) {
            warn("maximal mount count reached, running e2fsck is recommended");
        } else if (interval != 0
                && superblock.getUnsigned(SuperblockField.LAST_CHECK) + interval <= (now() & 0xffff_ffffL)) {
            warn("checktime reached, running e2fsck is recommended");
        }
    }

    /** Everything else is on the device: notes in the superblock that it is whole, if it was so before. 0 or a negative errno. */
    int endWriting(ProcessContext context) {
        superblock.putShort(SuperblockField.STATE, stateAfter);
        superblock.putInt(SuperblockField.WRITE_TIME, now());
        superblock.markDirty();
        int error = superblock.sync(context);
        readOnly = true;
        return error;
    }

    /** Notes that files of 2 GiB and more are there, before the first one is (Linux: ext2_write_inode, ext2_update_dynamic_rev). */
    void allowLargeFiles(ProcessContext context) {
        boolean old = superblock.getInt(SuperblockField.REVISION_LEVEL) == SuperblockField.REVISION_GOOD_OLD;
        if (!old && superblock.hasReadOnlyCompatible(SuperblockField.RO_COMPAT_LARGE_FILE)) {
            return;
        }
        if (old) {
            warn("updating to rev 1 because of new feature flag, running e2fsck is recommended");
            superblock.putInt(SuperblockField.FIRST_INODE, SuperblockField.GOOD_OLD_FIRST_INODE);
            superblock.putShort(SuperblockField.INODE_SIZE, SuperblockField.GOOD_OLD_INODE_SIZE);
            superblock.putInt(SuperblockField.REVISION_LEVEL, SuperblockField.REVISION_DYNAMIC);
        }
        superblock.putInt(
                SuperblockField.FEATURE_RO_COMPAT,
                superblock.getInt(SuperblockField.FEATURE_RO_COMPAT) | SuperblockField.RO_COMPAT_LARGE_FILE);
        superblock.markDirty();
        int error = superblock.sync(context);
        if (error < 0) {
            throw new FileSystemException(-error, "superblock");
        }
    }
}
