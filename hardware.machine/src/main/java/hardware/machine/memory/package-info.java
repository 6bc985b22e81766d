// SPDX-License-Identifier: Apache-2.0
/** Physical frames, page tables, the IOMMU and the DMA engine. */
@Export
@Version("1.0.0")
package hardware.machine.memory;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
