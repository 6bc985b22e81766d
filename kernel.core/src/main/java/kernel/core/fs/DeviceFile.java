// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import kernel.api.context.ProcessContext;

/** A device as seen by the files open on it: entered for each call, and one day gone. */
public interface DeviceFile {
    /** The name of the driver. */
    String driver();

    /** Enters the driver; false when the device has gone (ENODEV). Each true is followed by one {@link #exit}. */
    boolean enter();

    void exit();

    /** The last reference of an open file went: the driver's release runs if the driver is still there. */
    void release(ProcessContext context, FileDescription file);
}
