// SPDX-License-Identifier: Apache-2.0
/** What a person can do to a solid state disk besides talking to it: cut its power, break it, give it namespaces. For tests and shells, not for drivers. */
@Export
@Version("1.0.0")
package hardware.ssd.control;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
