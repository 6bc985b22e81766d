// SPDX-License-Identifier: Apache-2.0
/** What kernel.core offers to file systems: calling processes, descriptors, open files, device numbers, /proc entries (Linux: fs/file_table.c, fs/file.c, fs/char_dev.c). Process context. */
@Export
@Version("1.0.0")
package kernel.core.fs;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
