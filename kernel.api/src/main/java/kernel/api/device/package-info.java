// SPDX-License-Identifier: Apache-2.0
/** Drivers and the devices that they are bound to, with managed resources (Linux: include/linux/device.h, devres). */
@Export
@Version("1.0.0")
package kernel.api.device;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
