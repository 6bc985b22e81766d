// SPDX-License-Identifier: Apache-2.0
/** What the kernel and its programs agree on: numbers, flags, layouts, and the unprivileged processor (Linux: include/uapi). No code runs here. */
@Export
@Version("1.0.0")
package kernel.uapi;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
