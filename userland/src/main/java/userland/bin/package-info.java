// SPDX-License-Identifier: Apache-2.0
/** The programs of /bin, one class each, with the options and the messages of GNU's (coreutils, procps). Run in user mode. */
package userland.bin;
