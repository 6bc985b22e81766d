// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EIO;

import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.core.fs.TextTable;
import kernel.uapi.Seek;

/** An open file of /proc: its text as it was when it was opened (Linux: fs/seq_file.c). */
final class ProcText implements FileOperations {
    /** The most that is taken in one write. */
    private static final int WRITE_BYTES_MAX = 4096;

    private final byte[] text;
    private final TextTable table;
    private final String path;

    /** @param table who takes what is written to {@code path}; null when nobody does */
    ProcText(byte[] text, TextTable table, String path) {
        this.text = text;
        this.table = table;
        this.path = path;
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

    /** What root may open for writing takes nothing all the same, unless somebody wants it (Linux: proc_reg_write, kernfs_fop_write_iter). */
    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        if (table == null) {
            return -EIO;
        }
        if (buffer.length() > WRITE_BYTES_MAX) {
            return -EINVAL;
        }
        byte[] bytes = new byte[(int) buffer.length()];
        if (context.copyFromUser(bytes, 0, buffer, 0, bytes.length) != 0) {
            return -EFAULT;
        }
        int error = table.write(context, path, new String(bytes, UTF_8));
        return error != 0 ? error : bytes.length;
    }

    /** The end is not known beforehand, so SEEK_END is -EINVAL (Linux: seq_lseek). */
    @Override
    public long seek(ProcessContext context, OpenFile file, long current, long offset, int whence) {
        return whence == Seek.SEEK_END ? -EINVAL : RegularFile.seek(current, offset, whence, 0);
    }
}
