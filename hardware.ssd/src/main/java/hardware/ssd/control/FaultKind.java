// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.control;

/** What can go wrong with a solid state disk when somebody wants it to. Each says what it counts: the occasions at which a {@link Fault} may strike. */
public enum FaultKind {
    /** A read command delivers data with a flipped bit in each block, and success. Counts read commands in range. */
    CORRUPT_READ,
    /** A write command stores only the first half of each 4 KiB unit, and success. Counts write commands in range. */
    TORN_WRITE,
    /** A write command stores its data {@link Fault#blocks()} blocks further on, and success. Counts write commands in range. */
    MISDIRECTED_WRITE,
    /** A read command delivers the data of {@link Fault#blocks()} blocks further on, and success. Counts read commands in range. */
    MISDIRECTED_READ,
    /** A write command stores nothing, and success. Counts write commands in range. */
    LOST_WRITE,
    /** A command that reads or compares fails with an unrecovered read error. Counts such commands in range. */
    READ_ERROR,
    /** A command that writes fails with a write fault. Counts writes and write zeroes in range. */
    WRITE_ERROR,
    /** A command never completes; an abort of it succeeds. Counts commands of the queue. */
    STUCK,
    /** A completion is posted without its interrupt. Counts interrupts of the queue's vector. */
    LOST_INTERRUPT,
    /** An interrupt is sent twice. Counts interrupts of the queue's vector. */
    SPURIOUS_INTERRUPT,
    /** The data of a command goes to or comes from a bus address that nobody mapped; the command fails. Counts commands of the queue with data. */
    WILD_DMA,
    /** The controller dies: CSTS.CFS, nothing more until it is reset. Counts commands of the queue. */
    CONTROLLER_FATAL,
    /** A command takes {@link Fault#delayNanos()} longer. Counts commands of the queue. */
    SLOW
}
