// SPDX-License-Identifier: Apache-2.0
/**
 * The names of the temperature sensor's registers, for its driver and its tests; {@code docs/hardware/tempsensor.md} is
 * the datasheet.
 */
@Export
@Version("1.0.0")
package hardware.tempsensor.registers;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
