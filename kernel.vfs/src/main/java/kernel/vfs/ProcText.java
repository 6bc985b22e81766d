// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EIO;

import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.uapi.Seek;

/** An open file of /proc: its text as it was when it was opened (Linux: fs/seq_file.c). */
final class ProcText implements FileOperations {
    private final byte[] text;

    ProcText(byte[] text) {
        this.text = text;
    }

    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        int length = (int) Math.min(buffer.length(), text.length - position);
        if (length <= 0) {
            return 0;
        }
        long moved = length - context.copyToUser(buffer, 0, text, (int) position, length);
        return moved == 0 ? -EFAULT : moved;
    }

    /** What root may open for writing takes nothing all the same (Linux: proc_reg_write). */
    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return -EIO;
    }

    /** The end is not known beforehand, so SEEK_END is -EINVAL (Linux: seq_lseek). */
    @Override
    public long seek(ProcessContext context, OpenFile file, long current, long offset, int whence) {
        return whence == Seek.SEEK_END ? -EINVAL : RegularFile.seek(current, offset, whence, 0);
    }
}
