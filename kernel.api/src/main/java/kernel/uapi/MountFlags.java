// SPDX-License-Identifier: Apache-2.0
package kernel.uapi;

/** Flags of mount(2) and umount2(2), with Linux's values (include/uapi/linux/mount.h). */
public final class MountFlags {
    public static final int MS_RDONLY = 1;
    public static final int MS_NOSUID = 2;
    public static final int MS_NODEV = 4;
    public static final int MS_NOEXEC = 8;
    public static final int MS_SYNCHRONOUS = 16;
    public static final int MS_REMOUNT = 32;
    public static final int MS_NOATIME = 1024;
    public static final int MS_NODIRATIME = 2048;
    public static final int MS_BIND = 4096;
    public static final int MS_MOVE = 8192;
    public static final int MS_SILENT = 32768;
    public static final int MS_RELATIME = 1 << 21;
    public static final int MS_STRICTATIME = 1 << 24;

    /** Aborts what is under way; here nothing is without an end. */
    public static final int MNT_FORCE = 1;

    public static final int MNT_DETACH = 2;
    public static final int MNT_EXPIRE = 4;
    public static final int UMOUNT_NOFOLLOW = 8;

    /** What a mount keeps of the flags. */
    public static final int KEPT =
            MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_SYNCHRONOUS | MS_NOATIME | MS_NODIRATIME | MS_RELATIME;

    private MountFlags() {}

    /** The flags but read-only as /proc/mounts says them, each after a comma. */
    public static String text(int flags) {
        StringBuilder text = new StringBuilder();
        add(text, flags, MS_SYNCHRONOUS, "sync");
        add(text, flags, MS_NOSUID, "nosuid");
        add(text, flags, MS_NODEV, "nodev");
        add(text, flags, MS_NOEXEC, "noexec");
        add(text, flags, MS_NOATIME, "noatime");
        add(text, flags, MS_NODIRATIME, "nodiratime");
        add(text, flags, MS_RELATIME, "relatime");
        return text.toString();
    }

    private static void add(StringBuilder text, int flags, int flag, String name) {
        if ((flags & flag) != 0) {
            text.append(',').append(name);
        }
    }
}
