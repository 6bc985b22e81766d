// SPDX-License-Identifier: Apache-2.0
package kernel.api.file;

/** One open file description: what {@code open} made and descriptors share (Linux: struct file). */
public interface OpenFile {
    /** The flags of {@code open}, changeable by {@code F_SETFL}; see {@link kernel.uapi.OpenFlags}. */
    int flags();

    /** Whether calls must not sleep (O_NONBLOCK). */
    boolean isNonBlocking();

    /** For a device node, its minor number; else 0. */
    int minor();

    /** What {@code open} of the driver put here, or null (Linux: file->private_data). */
    Object privateData();

    void setPrivateData(Object data);

    /** The path under which the file was opened, for messages. */
    String path();
}
