// SPDX-License-Identifier: Apache-2.0
/** The host kernel under the same operations: its system calls through the foreign function interface, its processes through a C program. */
package benchmarks.host;
