// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import kernel.api.context.ProcessContext;

/** What a file system knows an open file by, when it wants to know that it has been closed (Linux: path_put). */
public interface HeldPlace {
    /** The open file is no more; its release has run. May sleep. */
    void closed(ProcessContext context, FileDescription file);
}
