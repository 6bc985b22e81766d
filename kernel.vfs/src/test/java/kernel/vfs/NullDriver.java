// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;

/** The driver of /dev/null. */
final class NullDriver implements FileOperations {
    int opened;
    int released;
    int openAnswer;
    int minor = -1;

    @Override
    public int open(ProcessContext context, OpenFile file) {
        opened++;
        minor = file.minor();
        return openAnswer;
    }

    @Override
    public void release(ProcessContext context, OpenFile file) {
        released++;
    }

    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return 0;
    }

    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return buffer.length();
    }
}
