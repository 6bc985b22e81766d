// SPDX-License-Identifier: Apache-2.0
/** Makes file systems: the format of a new ext2, for {@code mkfs.ext2} (e2fsprogs: misc/mke2fs.c, lib/ext2fs/initialize.c). User mode. */
package userland.mkfs;
