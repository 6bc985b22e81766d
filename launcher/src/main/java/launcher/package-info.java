// SPDX-License-Identifier: Apache-2.0
/** Turns a command line into a booted framework and an exit status (Linux: the boot loader). Runs on the host, outside of any kernel. */
package launcher;
