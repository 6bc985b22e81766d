// SPDX-License-Identifier: Apache-2.0
/**
 * The block layer as its two sides see it: drivers below, which are given requests, and users above, which submit bios (Linux: include/linux/blk-mq.h,
 * include/linux/bio.h). A sector is always 512 bytes, whatever the device's blocks are.
 */
@Export
@Version("1.0.0")
package kernel.api.block;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
