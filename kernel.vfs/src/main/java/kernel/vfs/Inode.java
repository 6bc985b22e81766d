// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.FileMode.PERMISSIONS;
import static kernel.uapi.FileMode.S_IFMT;

import kernel.api.context.ProcessContext;
import kernel.core.fs.UserProcess;

/**
 * A file as such, apart from its names (Linux: struct inode). The attributes may be read by anybody at any time; what
 * changes the names of an inode holds the lock of the {@link FileTree}.
 */
abstract class Inode {
    /** What a process may want to do with a file; a set of these bits (Linux: MAY_READ and so on). */
    static final int MAY_EXECUTE = 1;

    static final int MAY_WRITE = 2;
    static final int MAY_READ = 4;

    static final int S_ISUID = 04000;
    static final int S_ISGID = 02000;
    static final int S_ISVTX = 01000;
    static final int S_IWOTH = 02;
    private static final int S_IXGRP = 010;

    private final FileSystem fileSystem;
    private final long number;
    private volatile int user;
    private volatile int group;
    private volatile int mode;
    private volatile int links;
    private volatile long accessedNanos;
    private volatile long modifiedNanos;
    private volatile long changedNanos;
    private String label;
    private DiskNode disk;

    Inode(FileSystem fileSystem, long number, Birth birth) {
        this.fileSystem = fileSystem;
        this.number = number;
        this.user = birth.user();
        this.group = birth.group();
        this.mode = birth.mode();
        this.accessedNanos = birth.nanos();
        this.modifiedNanos = birth.nanos();
        this.changedNanos = birth.nanos();
    }

    /**
     * The attributes that a file starts with.
     *
     * @param mode file type and permissions
     * @param nanos the time of birth, since the epoch
     */
    record Birth(int mode, int user, int group, long nanos) {}

    /** What the inode has beside this where its file system is on a disk; null elsewhere. */
    final DiskNode disk() {
        return disk;
    }

    /** Once, before anybody else knows the inode. */
    final void setDisk(DiskNode newDisk) {
        disk = newDisk;
    }

    private void attributesChanged() {
        if (disk != null) {
            disk.attributesChanged();
        }
    }

    /** Opens the file: gives the opening its open file description. May sleep. Answers 0 or a negative errno. */
    abstract int open(Opening opening);

    /** For st_size. */
    abstract long sizeBytes();

    /** For st_blocks, in the 512 bytes that it counts in. */
    long blocks() {
        return 0;
    }

    /** For st_rdev. */
    long deviceNumber() {
        return 0;
    }

    /** What only some may make, beyond the permission to write to the directory: 0 or -EPERM. */
    int mayBeMadeBy(UserProcess process) {
        return 0;
    }

    /** Whether it is the same file. */
    @SuppressWarnings("ReferenceEquality") // identity is what it asks for
    final boolean is(Inode other) {
        return this == other;
    }

    final FileSystem fileSystem() {
        return fileSystem;
    }

    final long number() {
        return number;
    }

    final int user() {
        return user;
    }

    final int group() {
        return group;
    }

    final int mode() {
        return mode;
    }

    final int type() {
        return mode & S_IFMT;
    }

    int links() {
        return links;
    }

    final long accessedNanos() {
        return accessedNanos;
    }

    final long modifiedNanos() {
        return modifiedNanos;
    }

    final long changedNanos() {
        return changedNanos;
    }

    /** One name more. Under the tree's lock. */
    void addLink() {
        int before = links;
        links = before + 1;
    }

    /** One name less. Under the tree's lock. */
    void dropLink() {
        int before = links;
        links = before - 1;
    }

    /** As the file system says. */
    final void setLinks(int count) {
        links = count;
    }

    /** Sets all times, as they are on a disk. */
    final void setTimes(long accessed, long modified, long changed) {
        accessedNanos = accessed;
        modifiedNanos = modified;
        changedNanos = changed;
    }

    final void changed(long nanos) {
        changedNanos = nanos;
        attributesChanged();
    }

    final void modified(long nanos) {
        modifiedNanos = nanos;
        changedNanos = nanos;
        attributesChanged();
    }

    /** Whether a read has to note its time: only the first after a change (Linux: mount option relatime). */
    final boolean wantsAccessTime() {
        return accessedNanos <= modifiedNanos || accessedNanos <= changedNanos;
    }

    final void accessed(long nanos) {
        accessedNanos = nanos;
        attributesChanged();
    }

    /** Whether the process is the owner, or root, who may do what the owner may. */
    final boolean isOwnedBy(UserProcess process) {
        int uid = process.uid();
        return uid == 0 || uid == user;
    }

    /** Changes the permission bits (Linux: chmod_common): 0, or -EPERM for who is neither owner nor root. */
    int changeMode(UserProcess process, int permissions, long nanos) {
        if (!isOwnedBy(process)) {
            return -EPERM;
        }
        int allowed = permissions & PERMISSIONS;
        if (process.uid() != 0 && process.gid() != group) {
            allowed &= ~S_ISGID;
        }
        mode = type() | allowed;
        changed(nanos);
        return 0;
    }

    /**
     * Changes owner and group (Linux: chown_common): 0, or -EPERM for who is neither root nor gives his own file to his own group.
     *
     * @param newUser -1 to leave it
     * @param newGroup -1 to leave it
     */
    int changeOwner(UserProcess process, int newUser, int newGroup, long nanos) {
        boolean keepsUser = newUser == -1 || newUser == user;
        boolean ownGroup = newGroup == -1 || newGroup == group || newGroup == process.gid();
        if (process.uid() != 0 && !(isOwnedBy(process) && keepsUser && ownGroup)) {
            return -EPERM;
        }
        user = newUser == -1 ? user : newUser;
        group = newGroup == -1 ? group : newGroup;
        if (!(this instanceof Directory)) {
            int bits = mode & ~S_ISUID;
            mode = (bits & S_IXGRP) != 0 ? bits & ~S_ISGID : bits;
        }
        changed(nanos);
        return 0;
    }

    /** Changes the times of access and modification; -1 leaves one. Who may is checked by the caller. */
    final void changeTimes(long accessed, long modified, long nanos) {
        accessedNanos = accessed == -1 ? accessedNanos : accessed;
        modifiedNanos = modified == -1 ? modifiedNanos : modified;
        changed(nanos);
    }

    /**
     * Takes away what the mode grants to whoever executes the file, as others than root change it (Linux: file_remove_privs).
     */
    final void dropPrivileges(ProcessContext context) {
        int bits = mode;
        if ((bits & (S_ISUID | S_ISGID)) == 0 || !(context instanceof UserProcess process) || process.uid() == 0) {
            return;
        }
        boolean keepsGroup = (bits & S_IXGRP) == 0 && process.gid() == group;
        mode = bits & ~(keepsGroup ? S_ISUID : S_ISUID | S_ISGID);
        attributesChanged();
    }

    /**
     * Whether the process may do that (Linux: inode_permission). Root may read and write everything, and execute what
     * anybody may execute.
     *
     * @param wanted a set of {@link #MAY_READ}, {@link #MAY_WRITE}, {@link #MAY_EXECUTE}
     * @return 0 or -EACCES
     */
    int permission(UserProcess process, int wanted) {
        int bits = mode;
        int uid = process.uid();
        if (uid == 0) {
            boolean refused = (wanted & MAY_EXECUTE) != 0 && !(this instanceof Directory) && (bits & 0111) == 0;
            return refused ? -EACCES : 0;
        }
        if (uid == user) {
            bits >>= 6;
        } else if (process.gid() == group) {
            bits >>= 3;
        }
        return (wanted & ~bits & 7) == 0 ? 0 : -EACCES;
    }

    @Override
    public String toString() {
        return label();
    }

    /** How the trace shows the inode: file system and number. */
    final String label() {
        String known = label;
        if (known == null) {
            known = fileSystem.type() + ":" + number;
            label = known;
        }
        return known;
    }
}
