// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

/**
 * A partition as a table has it, in blocks of the disk.
 *
 * @param number from 1
 * @param first its first block
 * @param count how many blocks; nothing is checked yet
 */
record PartitionEntry(int number, long first, long count) {
    /** One above its last block. */
    long end() {
        return first + count;
    }

    boolean overlaps(PartitionEntry other) {
        return first < other.end() && other.first < end();
    }
}
