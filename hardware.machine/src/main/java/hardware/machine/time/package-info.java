// SPDX-License-Identifier: Apache-2.0
/** Clocks and the timelines on which devices work. */
@Export
@Version("1.0.0")
package hardware.machine.time;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
