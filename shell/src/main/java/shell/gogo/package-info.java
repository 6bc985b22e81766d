// SPDX-License-Identifier: Apache-2.0
/**
 * The two shells in each other's: commands of the framework as programs of /sbin, tools of the machine as commands of the framework. Gogo is
 * loaded when the first of them is wanted. Threads of the host, but for {@link shell.gogo.GogoTool}, which is a program.
 */
package shell.gogo;
