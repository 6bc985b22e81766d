// SPDX-License-Identifier: Apache-2.0
/** In which context code runs, as a capability (Linux: in_task(), in_hardirq() and might_sleep(), made into types). */
@Export
@Version("1.0.0")
package kernel.api.context;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
