// SPDX-License-Identifier: Apache-2.0
package kernel.api.wait;

/** What a poll in progress offers to a driver: a way to be woken by its wait queues (Linux: poll_table). */
public interface PollTable {
    /** Registers the caller on that queue until the poll is over; does not sleep (Linux: poll_wait). */
    void wait(WaitQueue queue);
}
