// SPDX-License-Identifier: Apache-2.0
/** The event trace: what happened, where, when, and its hash (Linux: kernel/trace). Every context. */
@Export
@Version("1.0.0")
package kernel.core.trace;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
