// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/** Status codes: the type in bits 8 to 10, the code in bits 0 to 7. */
public final class Status {
    /** Done. */
    public static final int SUCCESS = 0x000;
    /** No such command, or not in this queue. */
    public static final int INVALID_OPCODE = 0x001;
    /** A field has a value that it must not have. */
    public static final int INVALID_FIELD = 0x002;
    /** A command with that identifier is under way in the same queue. */
    public static final int COMMAND_ID_CONFLICT = 0x003;
    /** Memory could not be reached: a DMA access was refused. */
    public static final int DATA_TRANSFER_ERROR = 0x004;
    /** The firmware failed. */
    public static final int INTERNAL_ERROR = 0x006;
    /** Aborted by an abort command. */
    public static final int ABORT_REQUESTED = 0x007;
    /** Aborted because its submission queue was deleted. */
    public static final int ABORTED_QUEUE_DELETION = 0x008;
    /** No such namespace, or not attached. */
    public static final int INVALID_NAMESPACE = 0x00b;
    /** A queue command at the wrong time. */
    public static final int COMMAND_SEQUENCE_ERROR = 0x00c;
    /** The offset of a physical region is not what the rules of {@link PhysicalRegions} ask for. */
    public static final int PRP_OFFSET_INVALID = 0x013;
    /** The namespace cannot be written to. */
    public static final int NAMESPACE_WRITE_PROTECTED = 0x020;
    /** A block at or behind the end of the namespace. */
    public static final int LBA_OUT_OF_RANGE = 0x080;
    /** The medium has no room left although the range is within the namespace. */
    public static final int CAPACITY_EXCEEDED = 0x081;
    /** The namespace is being formatted or recovered. */
    public static final int NAMESPACE_NOT_READY = 0x082;

    /** The completion queue of a new submission queue does not exist. */
    public static final int COMPLETION_QUEUE_INVALID = 0x100;
    /** The queue identifier is 0, too large, taken, or of no queue. */
    public static final int INVALID_QUEUE_IDENTIFIER = 0x101;
    /** The queue is too small or too large. */
    public static final int INVALID_QUEUE_SIZE = 0x102;
    /** More abort commands at once than the controller takes. */
    public static final int ABORT_LIMIT_EXCEEDED = 0x103;
    /** More asynchronous event requests than the controller holds. */
    public static final int ASYNC_EVENT_LIMIT_EXCEEDED = 0x105;
    /** There is no such interrupt vector. */
    public static final int INVALID_INTERRUPT_VECTOR = 0x108;
    /** There is no such log page. */
    public static final int INVALID_LOG_PAGE = 0x109;
    /** There is no such format. */
    public static final int INVALID_FORMAT = 0x10a;
    /** The completion queue still has submission queues. */
    public static final int INVALID_QUEUE_DELETION = 0x10c;
    /** The feature cannot be saved. */
    public static final int FEATURE_NOT_SAVEABLE = 0x10d;
    /** The feature cannot be changed. */
    public static final int FEATURE_NOT_CHANGEABLE = 0x10e;
    /** The medium has worn out and takes no more writes. */
    public static final int WRITE_TO_READ_ONLY_RANGE = 0x182;

    /** The medium did not take the data. */
    public static final int WRITE_FAULT = 0x280;
    /** The data cannot be read back. */
    public static final int UNRECOVERED_READ_ERROR = 0x281;
    /** The data compared differs. */
    public static final int COMPARE_FAILURE = 0x285;

    private Status() {}
}
