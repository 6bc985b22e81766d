// SPDX-License-Identifier: Apache-2.0
/** What a file, a device node or a file system implements (Linux: include/linux/fs.h). Called in process context. */
@Export
@Version("1.0.0")
package kernel.api.file;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
