// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;

/** A file whose reads and writes can be begun now and end later (Linux: ki_complete of struct kiocb). Its operations may implement it. */
public interface AsynchronousFile {
    /** Told of the end. In any context, also a handler's; must not sleep. May be told before {@link #begin} has returned. */
    @FunctionalInterface
    interface End {
        /**
         * It is over.
         *
         * @param result bytes moved, or a negative errno
         */
        void ended(Context context, long result);
    }

    /**
     * Begins a transfer. May sleep for memory or for a place in a queue, not for the transfer.
     *
     * @param durable whether a write is to be durable at its end
     * @return 0 when it is under way and its end will be told; or a negative errno, and it will not: EOPNOTSUPP when this file, opened like this, can
     *     only be read and written by waiting
     */
    int begin(
            ProcessContext context,
            OpenFile file,
            boolean write,
            UserBuffer buffer,
            long position,
            boolean durable,
            End end);
}
