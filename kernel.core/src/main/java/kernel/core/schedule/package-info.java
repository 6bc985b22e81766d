// SPDX-License-Identifier: Apache-2.0
/** Who decides what happens next in deterministic mode: schedules to draw, replay or explore. */
@Export
@Version("1.0.0")
package kernel.core.schedule;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
