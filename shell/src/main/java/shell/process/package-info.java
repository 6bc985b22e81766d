// SPDX-License-Identifier: Apache-2.0
/**
 * Tools as processes: what a command of the shell bundle gets when it is run as a program of the simulated system, by traps like any other.
 * User mode.
 */
package shell.process;
