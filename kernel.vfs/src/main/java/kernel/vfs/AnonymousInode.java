// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.ENXIO;

/** The inode of all open files that are in no file system, for fstat (Linux: fs/anon_inodes.c). */
final class AnonymousInode extends Inode {
    AnonymousInode(FileSystem fileSystem, Birth birth) {
        super(fileSystem, fileSystem.nextInodeNumber(), birth);
        addLink();
    }

    @Override
    int open(Opening opening) {
        return -ENXIO;
    }

    @Override
    long sizeBytes() {
        return 0;
    }
}
