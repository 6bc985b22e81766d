// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import kernel.core.fs.FileSystemHost;
import kernel.uapi.FileMode;

/**
 * What is to be made under a name.
 *
 * @param birth its attributes, the type among them
 * @param device the number, of a device
 * @param target where it leads, of a symbolic link; else null
 */
record NewFile(Inode.Birth birth, long device, String target) {
    /** The inode of it in a file system in memory. */
    Inode inMemory(FileSystemHost host, FileSystem fileSystem) {
        return switch (birth.mode() & FileMode.S_IFMT) {
            case FileMode.S_IFDIR -> new TreeDirectory(fileSystem, birth, false);
            case FileMode.S_IFREG -> new RegularFile(host, fileSystem, birth);
            default -> special(host, fileSystem, fileSystem.nextInodeNumber());
        };
    }

    /** The inode of it where nothing is kept but attributes. */
    Inode special(FileSystemHost host, FileSystem fileSystem, long number) {
        return switch (birth.mode() & FileMode.S_IFMT) {
            case FileMode.S_IFLNK -> new SymbolicLink(fileSystem, number, birth, target);
            case FileMode.S_IFIFO -> new PipeInode(host, fileSystem, number, birth);
            case FileMode.S_IFSOCK -> new SocketInode(fileSystem, number, birth);
            default -> new DeviceInode(fileSystem, number, birth, device);
        };
    }

    boolean isDirectory() {
        return FileMode.isDirectory(birth.mode());
    }

    boolean isDevice() {
        return FileMode.isCharacterDevice(birth.mode()) || FileMode.isBlockDevice(birth.mode());
    }
}
