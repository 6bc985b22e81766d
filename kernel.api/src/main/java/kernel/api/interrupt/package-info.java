// SPDX-License-Identifier: Apache-2.0
/** Interrupt handlers and deferred work (Linux: include/linux/interrupt.h, workqueue.h, timer.h). */
@Export
@Version("1.0.0")
package kernel.api.interrupt;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
