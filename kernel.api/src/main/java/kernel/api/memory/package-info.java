// SPDX-License-Identifier: Apache-2.0
/** Kernel memory and DMA mappings (Linux: include/linux/slab.h, dma-mapping.h). */
@Export
@Version("1.0.0")
package kernel.api.memory;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
