// SPDX-License-Identifier: Apache-2.0
package kernel.api.fs;

import kernel.api.context.ProcessContext;

/** A kind of file system; a module publishes it as a service, and its name appears in /proc/filesystems. */
public interface FileSystemType {
    /** The name for mount -t, such as {@code ext2}. */
    String typeName();

    /**
     * Reads what is on the device. Must change nothing on it when it refuses, and nothing at all when the mount is read-only.
     *
     * @throws FileSystemException EINVAL when it is no such file system or a damaged one, EROFS, EIO, ...; the message goes to the log
     */
    MountedFileSystem mount(ProcessContext context, MountRequest request);
}
