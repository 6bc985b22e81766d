// SPDX-License-Identifier: Apache-2.0
/** What tools of the kernel (the shell, the launcher, the test kit) may see and do. Callable from any thread unless said otherwise. */
@Export
@Version("1.0.0")
package kernel.core.control;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
