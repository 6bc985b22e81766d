// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EBADF;

import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.wait.PollTable;
import kernel.uapi.PollEvents;

/** A file opened with O_PATH: a place in the tree and no access to what is there. */
final class PathOnlyOperations implements FileOperations {
    static final PathOnlyOperations INSTANCE = new PathOnlyOperations();

    private PathOnlyOperations() {}

    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return -EBADF;
    }

    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return -EBADF;
    }

    @Override
    public long seek(ProcessContext context, OpenFile file, long current, long offset, int whence) {
        return -EBADF;
    }

    @Override
    public long ioctl(ProcessContext context, OpenFile file, int command, long argument) {
        return -EBADF;
    }

    @Override
    public int poll(ProcessContext context, OpenFile file, PollTable table) {
        return PollEvents.POLLNVAL;
    }
}
