// SPDX-License-Identifier: Apache-2.0
/** The machine as a whole: processors, interrupt controller, memory, bus and timeline, wired together. */
@Export
@Version("1.0.0")
package hardware.machine;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
