// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.ENOTTY;

import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.wait.PollTable;
import kernel.uapi.OpenFlags;

/** An open end of a pipe, or both in one. */
final class PipeEnd implements FileOperations {
    /** Asks how many bytes wait to be read (Linux: asm-generic/ioctls.h). */
    static final int FIONREAD = 0x541b;

    private final Pipe pipe;
    private final boolean reads;
    private final boolean writes;
    private final int writerOpensBefore;

    /** @param writerOpensBefore how often the pipe had been opened for writing when nobody had hung up yet */
    PipeEnd(Pipe pipe, int flags, int writerOpensBefore) {
        this.pipe = pipe;
        this.reads = OpenFlags.mayRead(flags);
        this.writes = OpenFlags.mayWrite(flags);
        this.writerOpensBefore = writerOpensBefore;
    }

    @Override
    public void release(ProcessContext context, OpenFile file) {
        pipe.close(context, reads, writes);
    }

    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return pipe.read(context, buffer, file.isNonBlocking());
    }

    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return pipe.write(context, buffer, file.isNonBlocking());
    }

    @Override
    public int poll(ProcessContext context, OpenFile file, PollTable table) {
        return pipe.poll(table, reads, writes, pipe.writerOpens() != writerOpensBefore);
    }

    @Override
    public long ioctl(ProcessContext context, OpenFile file, int command, long argument) {
        if (command != FIONREAD) {
            return -ENOTTY;
        }
        byte[] answer = new byte[Integer.BYTES];
        LittleEndian.putInt(answer, 0, pipe.count());
        return context.copyToUser(new UserBuffer(argument, answer.length), 0, answer, 0, answer.length) == 0
                ? 0
                : -EFAULT;
    }
}
