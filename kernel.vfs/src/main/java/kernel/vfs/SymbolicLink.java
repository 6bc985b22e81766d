// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.ELOOP;
import static kernel.uapi.FileMode.S_IFLNK;

import kernel.core.fs.UserProcess;

/** A symbolic link: a path in place of a file. */
class SymbolicLink extends Inode {
    private final String target;

    SymbolicLink(FileSystem fileSystem, long number, Birth birth, String target) {
        super(fileSystem, number, birth);
        this.target = target;
    }

    /** The mode of every link: what it leads to is protected, not the link. */
    static int allMode() {
        return S_IFLNK | 0777;
    }

    /** Where it leads, for that process. */
    String target(UserProcess process) {
        return target;
    }

    @Override
    final int open(Opening opening) {
        return -ELOOP;
    }

    @Override
    long sizeBytes() {
        return PathName.sizeBytes(target);
    }
}
