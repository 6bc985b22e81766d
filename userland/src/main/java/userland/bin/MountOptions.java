// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import static kernel.uapi.MountFlags.MS_NOATIME;
import static kernel.uapi.MountFlags.MS_NODEV;
import static kernel.uapi.MountFlags.MS_NODIRATIME;
import static kernel.uapi.MountFlags.MS_NOEXEC;
import static kernel.uapi.MountFlags.MS_NOSUID;
import static kernel.uapi.MountFlags.MS_RDONLY;
import static kernel.uapi.MountFlags.MS_RELATIME;
import static kernel.uapi.MountFlags.MS_REMOUNT;
import static kernel.uapi.MountFlags.MS_STRICTATIME;
import static kernel.uapi.MountFlags.MS_SYNCHRONOUS;

import java.util.StringJoiner;

/**
 * The options of mount(8): those that every file system has are flags, the others are for the file system.
 *
 * @param rest separated by commas
 */
record MountOptions(int flags, String rest) {
    static MountOptions parse(String text) {
        int flags = 0;
        StringJoiner rest = new StringJoiner(",");
        for (String option : text.isEmpty() ? new String[0] : text.split(",")) {
            switch (option) {
                case "defaults", "" -> {}
                case "ro" -> flags |= MS_RDONLY;
                case "rw" -> flags &= ~MS_RDONLY;
                case "nosuid" -> flags |= MS_NOSUID;
                case "suid" -> flags &= ~MS_NOSUID;
                case "nodev" -> flags |= MS_NODEV;
                case "dev" -> flags &= ~MS_NODEV;
                case "noexec" -> flags |= MS_NOEXEC;
                case "exec" -> flags &= ~MS_NOEXEC;
                case "sync" -> flags |= MS_SYNCHRONOUS;
                case "async" -> flags &= ~MS_SYNCHRONOUS;
                case "noatime" -> flags |= MS_NOATIME;
                case "atime" -> flags &= ~MS_NOATIME;
                case "nodiratime" -> flags |= MS_NODIRATIME;
                case "relatime" -> flags |= MS_RELATIME;
                case "strictatime" -> flags |= MS_STRICTATIME;
                case "remount" -> flags |= MS_REMOUNT;
                default -> rest.add(option);
            }
        }
        return new MountOptions(flags, rest.toString());
    }
}
