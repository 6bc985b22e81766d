// SPDX-License-Identifier: Apache-2.0
/** Mounts the root file system of the kernel that runs in this framework. On the thread that boots. */
package kernel.vfs.osgi;
