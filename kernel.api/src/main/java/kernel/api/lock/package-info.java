// SPDX-License-Identifier: Apache-2.0
/** Locks that spin and locks that sleep (Linux: include/linux/spinlock.h, mutex.h). */
@Export
@Version("1.0.0")
package kernel.api.lock;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
