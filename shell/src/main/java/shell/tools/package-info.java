// SPDX-License-Identifier: Apache-2.0
/** The tools of /sbin: modules, devices, log, tracing, power. Each runs as a process; user mode. */
package shell.tools;
