// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import kernel.api.file.FileOperations;
import kernel.core.fs.FileDescription;
import kernel.core.fs.FileSystemHost;
import kernel.core.fs.UserProcess;
import kernel.uapi.FileMode;

/** An open(2) under way, at the file that was found or made; the inode ends it by {@link #attach} (Linux: do_dentry_open). */
final class Opening {
    private final FileSystemHost host;
    private final UserProcess process;
    private final Place place;
    private final String path;
    private final int flags;
    private final boolean isNew;
    private FileDescription file;

    /**
     * @param flags those of open(2), without O_TRUNC for a new file
     * @param isNew whether this call made the file
     */
    Opening(FileSystemHost host, UserProcess process, Place place, String path, int flags, boolean isNew) {
        this.host = host;
        this.process = process;
        this.place = place;
        this.path = path;
        this.flags = flags;
        this.isNew = isNew;
    }

    FileSystemHost host() {
        return host;
    }

    UserProcess process() {
        return process;
    }

    Place place() {
        return place;
    }

    Mount mount() {
        return place.mount();
    }

    Inode inode() {
        return place.inode();
    }

    int flags() {
        return flags;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean isNew() {
        return isNew;
    }

    /** Makes an open file description of this opening. */
    FileDescription describe(FileOperations operations) {
        return new FileDescription(
                operations, place, path, FileMode.minor(place.inode().deviceNumber()), flags);
    }

    /** The file is open: from here on it is released if the call fails, or the process is killed in it. */
    void attach(FileDescription openFile) {
        file = openFile;
    }

    /** What was attached, or null. */
    FileDescription file() {
        return file;
    }
}
