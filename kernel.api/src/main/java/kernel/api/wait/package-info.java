// SPDX-License-Identifier: Apache-2.0
/** Wait queues (Linux: include/linux/wait.h). */
@Export
@Version("1.0.0")
package kernel.api.wait;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
