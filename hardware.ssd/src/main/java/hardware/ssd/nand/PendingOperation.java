// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

/**
 * A program or an erasure that ends in the future.
 *
 * @param block where
 * @param index the page in the block, or -1 for an erasure
 * @param start when it begins to change cells
 * @param end when it is done
 * @param before for an erasure: the block as it was
 */
record PendingOperation(int block, int index, long start, long end, FlashBlock before) {}
