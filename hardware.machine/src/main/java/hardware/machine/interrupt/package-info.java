// SPDX-License-Identifier: Apache-2.0
/**
 * The interrupt controller: lines, masks, claim and completion, per-processor targets; a PLIC with message-signalled
 * lines.
 */
@Export
@Version("1.0.0")
package hardware.machine.interrupt;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
