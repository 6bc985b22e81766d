// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

/**
 * How often flash fails.
 *
 * @param factoryBad probability that a block is bad from the beginning
 * @param programFailure probability that a page cannot be programmed
 * @param eraseFailure probability that a block cannot be erased
 * @param readRetry probability that a read must be tried again
 * @param readLoss probability that a read finds its page lost for good
 * @param endurance erase cycles that a block is made for; beyond them erasing fails more and more often
 * @param cyclesAtStart erase cycles that new blocks have behind them
 */
public record NandFailures(
        double factoryBad,
        double programFailure,
        double eraseFailure,
        double readRetry,
        double readLoss,
        int endurance,
        int cyclesAtStart) {
    /** Flash that never fails before it is worn. */
    public static final NandFailures NONE = new NandFailures(0, 0, 0, 0, 0, 10_000, 0);

    /** The probability that erasing a block with so many cycles fails; certain at twice its endurance. */
    double eraseFailureAt(int cycles) {
        double worn = cycles <= endurance ? 0 : (cycles - endurance) / (double) endurance;
        return eraseFailure + worn;
    }
}
