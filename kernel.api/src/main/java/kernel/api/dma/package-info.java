// SPDX-License-Identifier: Apache-2.0
/** How a driver lets its device at memory: coherent buffers and streaming mappings (Linux: Documentation/core-api/dma-api.rst). */
@Export
@Version("1.0.0")
package kernel.api.dma;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
