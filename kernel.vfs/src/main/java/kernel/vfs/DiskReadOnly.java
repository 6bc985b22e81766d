// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

/** Whether a file system on a disk refuses changes: as it was mounted, or since it found itself damaged. Any context. */
final class DiskReadOnly {
    private volatile boolean readOnly;

    DiskReadOnly(boolean readOnly) {
        this.readOnly = readOnly;
    }

    boolean isSet() {
        return readOnly;
    }

    void set(boolean newReadOnly) {
        readOnly = newReadOnly;
    }
}
