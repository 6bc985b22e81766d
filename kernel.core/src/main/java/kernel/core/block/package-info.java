// SPDX-License-Identifier: Apache-2.0
/**
 * The block layer: disks and partitions, bios made into requests, schedulers, tags, timeouts (Linux: block/). Requests are sent in any context but a
 * hardirq; the rest is process context unless it says otherwise.
 */
@Export
@Version("1.0.0")
package kernel.core.block;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
