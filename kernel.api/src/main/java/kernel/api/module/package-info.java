// SPDX-License-Identifier: Apache-2.0
/** What makes a bundle a kernel module, and the services it gets (Linux: include/linux/module.h). */
@Export
@Version("1.0.0")
package kernel.api.module;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
