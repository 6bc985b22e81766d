// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EMFILE;
import static kernel.uapi.FileMode.S_IFIFO;
import static kernel.uapi.OpenFlags.O_CLOEXEC;
import static kernel.uapi.OpenFlags.O_NONBLOCK;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.OpenFlags.O_WRONLY;

import kernel.api.file.UserBuffer;
import kernel.core.fs.FileDescription;
import kernel.core.fs.FileTable;
import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;
import kernel.uapi.SystemCallNumber;

/** pipe, pipe2 (Linux: fs/pipe.c); the inodes are in a file system that is mounted nowhere. */
final class PipeCalls {
    private final FileTree tree;
    private final FileSystem fileSystem;
    private final Mount mount;

    PipeCalls(FileTree tree, FileSystem fileSystem) {
        this.tree = tree;
        this.fileSystem = fileSystem;
        this.mount = new Mount(fileSystem, null, null, 0, "");
    }

    void register(SystemCallTable calls) {
        calls.register(SystemCallNumber.PIPE, (process, to, b, c, d, e, f) -> pipe(process, to, 0));
        calls.register(SystemCallNumber.PIPE2, (process, to, flags, c, d, e, f) -> pipe(process, to, (int) flags));
    }

    /**
     * Makes a pipe and tells its two descriptors, the reading one first.
     *
     * @return 0, -EINVAL for other flags than O_CLOEXEC and O_NONBLOCK, -EMFILE, -EFAULT, and then there is no pipe
     */
    private int pipe(UserProcess process, long to, int flags) {
        if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) != 0) {
            return -EINVAL;
        }
        FileTable files = process.files();
        if (!OpenCalls.hasRoom(files, 2)) {
            return -EMFILE;
        }
        Inode.Birth birth = new Inode.Birth(S_IFIFO | 0600, process.uid(), process.gid(), tree.now());
        PipeInode inode = new PipeInode(tree.host(), fileSystem, birth);
        inode.addLink();
        inode.pipe().openBoth();
        String name = "pipe:[" + inode.number() + "]";
        Place place = new Place(mount, Dentry.unkept(name, null, inode));
        boolean cloexec = (flags & O_CLOEXEC) != 0;
        int reader = files.install(open(place, name, O_RDONLY | flags), cloexec);
        int writer = files.install(open(place, name, O_WRONLY | flags), cloexec);
        byte[] answer = new byte[2 * Integer.BYTES];
        LittleEndian.putInt(answer, 0, reader);
        LittleEndian.putInt(answer, Integer.BYTES, writer);
        if (process.copyToUser(new UserBuffer(to, answer.length), 0, answer, 0, answer.length) != 0) {
            files.close(process, reader);
            files.close(process, writer);
            return -EFAULT;
        }
        return 0;
    }

    private static FileDescription open(Place place, String name, int flags) {
        Pipe pipe = ((PipeInode) place.inode()).pipe();
        place.hold(flags);
        return new FileDescription(new PipeEnd(pipe, flags, -1), place, name, 0, flags);
    }
}
