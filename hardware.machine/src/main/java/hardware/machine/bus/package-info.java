// SPDX-License-Identifier: Apache-2.0
/** The memory-mapped bus: registers, device models and the windows through which processors reach them. */
@Export
@Version("1.0.0")
package hardware.machine.bus;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
