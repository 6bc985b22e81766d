// SPDX-License-Identifier: Apache-2.0
package kernel.api.context;

import kernel.api.file.UserBuffer;

/**
 * Process context: kernel code on behalf of a task that the scheduler can put to sleep and whose memory is mapped.
 *
 * <p>What sleeps here is refused, with Linux's splat, while the processor holds a spin lock or has interrupts or preemption disabled.
 */
public interface ProcessContext extends Context {
    /**
     * Copies kernel bytes to the requesting process (Linux: copy_to_user). May sleep.
     *
     * @param to where in user memory; {@code toOffset} bytes into it
     * @return the number of bytes that could <em>not</em> be copied, 0 on success; a driver answers the rest with -EFAULT
     */
    long copyToUser(UserBuffer to, long toOffset, byte[] from, int fromOffset, int length);

    /**
     * Copies bytes of the requesting process into kernel memory (Linux: copy_from_user). May sleep.
     *
     * @return the number of bytes that could <em>not</em> be copied, 0 on success
     */
    long copyFromUser(byte[] to, int toOffset, UserBuffer from, long fromOffset, int length);

    /** Fills user memory with zeroes (Linux: clear_user). May sleep. Returns the number of bytes not cleared. */
    long clearUser(UserBuffer to, long toOffset, long length);

    /** Whether a signal is waiting, so that an interruptible sleep would end at once. */
    boolean signalPending();

    /**
     * Sleeps at least that long, not interruptibly (Linux: msleep, usleep_range).
     */
    void sleep(long nanos);

    /**
     * Sleeps at least that long unless a signal comes (Linux: msleep_interruptible).
     *
     * @return 0, or -ERESTARTSYS when a signal came first
     */
    int sleepInterruptible(long nanos);

    /** Gives the processor to whoever else wants it (Linux: cond_resched). */
    void yieldProcessor();
}
