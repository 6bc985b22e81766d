// SPDX-License-Identifier: Apache-2.0
/** The kernel log (Linux: kernel/printk). Every context. */
@Export
@Version("1.0.0")
package kernel.core.log;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
