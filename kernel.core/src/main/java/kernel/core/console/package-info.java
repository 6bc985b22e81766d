// SPDX-License-Identifier: Apache-2.0
/** The console and the other character devices that are part of the kernel (Linux: drivers/tty, drivers/char/mem.c, random.c, fs/proc/kmsg.c). Process context, but for the console's interrupt handler. */
@Export
@Version("1.0.0")
package kernel.core.console;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
