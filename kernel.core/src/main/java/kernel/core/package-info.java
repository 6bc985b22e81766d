// SPDX-License-Identifier: Apache-2.0
/** The kernel as a whole: configuration, boot, halt (Linux: init/main.c). */
@Export
@Version("1.0.0")
package kernel.core;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
