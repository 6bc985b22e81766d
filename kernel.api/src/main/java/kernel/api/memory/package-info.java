// SPDX-License-Identifier: Apache-2.0
/** Kernel memory, and the pages behind mapped files (Linux: include/linux/slab.h, mm.h). */
@Export
@Version("1.0.0")
package kernel.api.memory;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
