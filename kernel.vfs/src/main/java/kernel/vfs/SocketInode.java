// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.ENXIO;

/** The name of a local socket: mknod makes it, nothing can open it. */
final class SocketInode extends Inode {
    SocketInode(FileSystem fileSystem, long number, Birth birth) {
        super(fileSystem, number, birth);
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
