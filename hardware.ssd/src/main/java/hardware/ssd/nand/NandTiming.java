// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

/**
 * How long flash takes, in nanoseconds.
 *
 * @param readNanos a page from its cells to the die's register
 * @param programNanos a page from the register to the cells
 * @param eraseNanos a block
 * @param transferNanos a page between register and controller, on the channel
 */
public record NandTiming(long readNanos, long programNanos, long eraseNanos, long transferNanos) {
    /** Everything at once. */
    public static final NandTiming ZERO = new NandTiming(0, 0, 0, 0);
}
