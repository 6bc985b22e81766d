// SPDX-License-Identifier: Apache-2.0
/**
 * The second extended file system: its format on the device, read and written (Linux: fs/ext2). Process context throughout; what one mounted file system's
 * files share is guarded by its own mutexes, the rest by the kernel's locks on files and directories.
 */
@KernelModule(
        name = "ext2",
        description = "Second Extended Filesystem",
        license = "Apache-2.0",
        alias = {"fs-ext2"})
package fs.ext2;

import kernel.api.module.KernelModule;
