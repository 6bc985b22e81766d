// SPDX-License-Identifier: Apache-2.0
package userland.libc;

/** The two descriptors of a pipe. */
public record Pipe(int readEnd, int writeEnd) {}
