// SPDX-License-Identifier: Apache-2.0
package kernel.api.file;

/**
 * A range of the requesting process's memory ({@code char __user *buf, size_t n}): an address that kernel code cannot
 * follow, only hand to {@code copyToUser} and {@code copyFromUser}.
 *
 * @param address where it begins, unchecked
 * @param length how many bytes, 0 to MAX_RW_COUNT (0x7ffff000)
 */
public record UserBuffer(long address, long length) {}
