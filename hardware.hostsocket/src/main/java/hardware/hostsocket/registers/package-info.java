// SPDX-License-Identifier: Apache-2.0
/**
 * The names of the host socket's registers and the layout of its rings, for its driver and its tests; {@code docs/hardware/hostsocket.md} is the
 * datasheet.
 */
@Export
@Version("1.0.0")
package hardware.hostsocket.registers;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
