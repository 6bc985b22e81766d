// SPDX-License-Identifier: Apache-2.0
/** Flash memory: dies that read and program pages and erase blocks, each in its time and by its rules, and sometimes fail; in memory or in a host file. */
package hardware.ssd.nand;
