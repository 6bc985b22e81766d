// SPDX-License-Identifier: Apache-2.0
/** Threads of the kernel that modules run (Linux: include/linux/kthread.h). */
@Export
@Version("1.0.0")
package kernel.api.thread;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
