// SPDX-License-Identifier: Apache-2.0
/**
 * What a module that implements a file system offers and is given (Linux: struct file_system_type, super_operations, inode_operations,
 * address_space_operations). The kernel keeps names, file data and open files; a file system keeps the format.
 *
 * <p>Locking is the kernel's: a directory is not looked up in while it is changed, a file's blocks are mapped by one task at a time, and of two directories
 * that a rename concerns both are locked. What several files share, such as maps of free blocks, the file system guards itself.
 */
@Export
@Version("1.0.0")
package kernel.api.fs;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
