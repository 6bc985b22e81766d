// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.EINVAL;

import kernel.api.fs.FileSystemException;

/** The options of a mount, over the defaults that the superblock holds (Linux: fs/ext2/super.c, parse_options). */
final class MountOptions {
    /** What happens when the file system finds itself damaged. */
    enum OnError {
        CONTINUE,
        REMOUNT_READ_ONLY,
        PANIC
    }

    private long superblockKilobyte = 1;
    private OnError onError;
    private boolean minixStatistics;
    private boolean groupOfDirectory;
    private boolean shortOwners;
    private Integer reservedUser;
    private Integer reservedGroup;

    private MountOptions() {}

    /**
     * Reads the options.
     *
     * @throws FileSystemException EINVAL for one that is not known or has a wrong value
     */
    static MountOptions parse(String text) {
        MountOptions options = new MountOptions();
        for (String option : text.split(",", -1)) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            String value = equals < 0 ? null : option.substring(equals + 1);
            if (!option.isEmpty() && !options.take(name, value)) {
                throw new FileSystemException(EINVAL, "Unrecognized mount option \"" + option + "\" or missing value");
            }
        }
        return options;
    }

    /** Where the superblock is, in units of 1024 bytes whatever the block size. */
    long superblockKilobyte() {
        return superblockKilobyte;
    }

    OnError onError(Superblock superblock) {
        if (onError != null) {
            return onError;
        }
        return switch (superblock.getShort(SuperblockField.ERRORS)) {
            case SuperblockField.ERRORS_CONTINUE -> OnError.CONTINUE;
            case SuperblockField.ERRORS_PANIC -> OnError.PANIC;
            default -> OnError.REMOUNT_READ_ONLY;
        };
    }

    /** Whether statfs(2) counts what the format itself takes as if files could have it. */
    boolean minixStatistics() {
        return minixStatistics;
    }

    /** Whether a new file gets its directory's group and not the process's. */
    boolean groupOfDirectory(Superblock superblock) {
        return groupOfDirectory
                || (superblock.getInt(SuperblockField.DEFAULT_MOUNT_OPTIONS) & SuperblockField.DEFAULT_BSD_GROUPS) != 0;
    }

    /** Whether owners have 16 bits only. */
    boolean shortOwners(Superblock superblock) {
        return shortOwners
                || (superblock.getInt(SuperblockField.DEFAULT_MOUNT_OPTIONS) & SuperblockField.DEFAULT_UID16) != 0;
    }

    int reservedUser(Superblock superblock) {
        return reservedUser != null ? reservedUser : superblock.getShort(SuperblockField.RESERVED_USER);
    }

    int reservedGroup(Superblock superblock) {
        return reservedGroup != null ? reservedGroup : superblock.getShort(SuperblockField.RESERVED_GROUP);
    }

    private boolean take(String name, String value) {
        return value == null ? takeFlag(name) : takeValue(name, value);
    }

    private boolean takeFlag(String name) {
        switch (name) {
            case "bsddf" -> minixStatistics = false;
            case "minixdf" -> minixStatistics = true;
            case "grpid", "bsdgroups" -> groupOfDirectory = true;
            case "nogrpid", "sysvgroups" -> groupOfDirectory = false;
            case "nouid32" -> shortOwners = true;
            // Known, and without an effect: no checks at mount, one allocator, neither quotas nor extended attributes.
            case "nocheck", "debug", "orlov", "oldalloc", "nobh", "reservation", "noreservation" -> {}
            case "nouser_xattr", "noacl", "noquota" -> {}
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean takeValue(String name, String value) {
        switch (name) {
            case "sb" -> superblockKilobyte = number(name, value);
            case "resuid" -> reservedUser = (int) number(name, value);
            case "resgid" -> reservedGroup = (int) number(name, value);
            case "errors" ->
                onError = switch (value) {
                    case "continue" -> OnError.CONTINUE;
                    case "remount-ro" -> OnError.REMOUNT_READ_ONLY;
                    case "panic" -> OnError.PANIC;
                    default -> throw new FileSystemException(EINVAL, "Bad value for 'errors'");
                };
            case "check" -> {
                return value.equals("none");
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static long number(String name, String value) {
        try {
            return Integer.parseUnsignedInt(value) & 0xffff_ffffL;
        } catch (NumberFormatException _) {
            throw new FileSystemException(EINVAL, "Bad value for '" + name + "'");
        }
    }
}
