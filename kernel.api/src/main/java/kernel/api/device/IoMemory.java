// SPDX-License-Identifier: Apache-2.0
package kernel.api.device;

import hardware.machine.bus.Register;
import kernel.api.context.Context;

/**
 * The registers of a device, mapped into the kernel (Linux: ioremap, ioread32, iowrite32). Callable in any context.
 *
 * <p>After the device has been pulled out reads give all ones and writes go nowhere. An access outside the window is a
 * bus error, which is an oops.
 */
public interface IoMemory {
    int read(Context context, Register.Readable register);

    void write(Context context, Register.Writable register, int value);
}
