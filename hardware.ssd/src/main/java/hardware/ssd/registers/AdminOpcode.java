// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/** The commands of the admin queue. */
public final class AdminOpcode {
    /** Delete an I/O submission queue: CDW10 bits 0 to 15 its identifier. Its commands are aborted first. */
    public static final int DELETE_SUBMISSION_QUEUE = 0x00;
    /** Create an I/O submission queue; see {@link QueueCommand}. */
    public static final int CREATE_SUBMISSION_QUEUE = 0x01;
    /** Get a log page; see {@link LogPage}. */
    public static final int GET_LOG_PAGE = 0x02;
    /** Delete an I/O completion queue: CDW10 bits 0 to 15 its identifier. Its submission queues must be gone. */
    public static final int DELETE_COMPLETION_QUEUE = 0x04;
    /** Create an I/O completion queue; see {@link QueueCommand}. */
    public static final int CREATE_COMPLETION_QUEUE = 0x05;
    /** Identify; see {@link IdentifyCommand}. */
    public static final int IDENTIFY = 0x06;
    /** Abort: CDW10 bits 0 to 15 the queue, 16 to 31 the identifier. Bit 0 of the result is 1 when nothing was aborted. */
    public static final int ABORT = 0x08;
    /** Set a feature; see {@link Feature}. */
    public static final int SET_FEATURES = 0x09;
    /** Get a feature; see {@link Feature}. */
    public static final int GET_FEATURES = 0x0a;
    /** Ask to be told of an event; completes when there is one. See {@link AsyncEvent}. */
    public static final int ASYNC_EVENT_REQUEST = 0x0c;
    /** Format one namespace or all: CDW10 bits 0 to 3 the format, bits 9 to 11 secure erase (0 none, 1 user data). */
    public static final int FORMAT_NVM = 0x80;

    private AdminOpcode() {}
}
