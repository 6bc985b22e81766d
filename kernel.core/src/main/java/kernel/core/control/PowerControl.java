// SPDX-License-Identifier: Apache-2.0
package kernel.core.control;

import kernel.core.Kernel;

/** The power switch of the machine. On threads of the host only. */
public interface PowerControl {
    /** The kernel that runs now; another one after each {@link #reboot}. */
    Kernel kernel();

    /** Switches off and on again: a new machine with the same devices as at the first boot, and a new kernel without modules. */
    Kernel reboot();
}
