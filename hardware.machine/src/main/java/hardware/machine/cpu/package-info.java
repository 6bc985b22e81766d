// SPDX-License-Identifier: Apache-2.0
/**
 * The architectural state of a processor: privilege mode, interrupt flag, attention word, owner. Hardware: runs in no
 * context of its own.
 */
@Export
@Version("1.0.0")
package hardware.machine.cpu;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
