// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import java.util.List;
import kernel.api.context.ProcessContext;

/** Texts by path, of which the kernel makes files: below /proc and below /sys. Thread-safe. */
public interface TextTable {
    /** All paths, sorted. */
    List<String> paths();

    /** Whether there is a text of exactly that path. */
    boolean contains(String path);

    /** Whether there are texts below that path. */
    boolean isDirectory(String path);

    /** Whether the text of that path can be written. */
    boolean isWritable(String path);

    /** The text as of now, or null when there is none. */
    String text(String path);

    /**
     * Writes one.
     *
     * @param text as it was written; one line end at its end is taken off
     * @return 0 or a negative errno: ENODEV when it has gone, EACCES when it cannot be written, or what its owner says
     */
    int write(ProcessContext context, String path, String text);

    /** What becomes of a text that a program wrote. Process context, may sleep. */
    @FunctionalInterface
    interface Writer {
        /**
         * Takes the text, without the line end that may have come with it.
         *
         * @return 0, or a negative errno: EINVAL for a text that makes no sense
         */
        int store(ProcessContext context, String text);
    }
}
