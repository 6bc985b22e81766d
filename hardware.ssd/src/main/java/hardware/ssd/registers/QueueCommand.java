// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/**
 * Creation of I/O queues. PRP1 is the bus address of the queue, a multiple of 4096; the queue is contiguous.
 * <pre>
 *         31              16 15              2    1    0
 *  CDW10 |   SIZE minus 1   |   IDENTIFIER (1 to 65535)  |
 *  CDW11 |      VECTOR      |        0        | IEN | PC |   completion queue
 *  CDW11 | COMPLETION QUEUE |        0     | QPRIO  | PC |   submission queue
 * </pre>
 */
public final class QueueCommand {
    /** In CDW10: how far the size minus 1 is shifted left; the identifier is below. */
    public static final int SIZE_SHIFT = 16;
    /** In CDW11: physically contiguous; must be 1. */
    public static final int CONTIGUOUS = 1;
    /** In CDW11 of a completion queue: it interrupts. */
    public static final int INTERRUPTS_ENABLED = 1 << 1;
    /** In CDW11 of a completion queue: how far the vector is shifted left. */
    public static final int VECTOR_SHIFT = 16;
    /** In CDW11 of a submission queue: how far the identifier of its completion queue is shifted left. */
    public static final int COMPLETION_QUEUE_SHIFT = 16;

    private QueueCommand() {}
}
