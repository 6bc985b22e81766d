// SPDX-License-Identifier: Apache-2.0
/**
 * The solid state disk as software sees it: registers, queue entries, commands, status codes and the structures that commands transfer, as in the NVM
 * Express base specification 1.4 (Linux: include/linux/nvme.h). Offsets are in bytes, values little-endian.
 */
@Export
@Version("1.0.0")
package hardware.ssd.registers;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
