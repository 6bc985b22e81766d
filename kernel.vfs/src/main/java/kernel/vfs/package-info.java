// SPDX-License-Identifier: Apache-2.0
/** Names and files: path walk, dentries, inodes, mounts, tmpfs, devtmpfs, procfs and pipes (Linux: fs, mm/shmem.c, drivers/base/devtmpfs.c). Process context, but for device nodes and programs, which come and go on any thread. */
@Export
@Version("1.0.0")
package kernel.vfs;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
