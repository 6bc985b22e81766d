// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The identifier of a command under way, and the right to finish it: whoever takes it first, a completion or a cancellation, finishes the command; all
 * others find it taken. The upper bits count the uses of a tag (Linux: genctr in drivers/nvme/host/nvme.h), so that a completion which comes late or
 * twice is not taken for that of the tag's next command.
 */
final class CommandTicket {
    /** The identifier when nothing is under way. */
    static final int NONE = -1;
    /** Bits of an identifier that hold the tag. */
    static final int TAG_BITS = 12;

    private static final int TAG_MASK = (1 << TAG_BITS) - 1;
    private static final int GENERATIONS = 1 << (Short.SIZE - TAG_BITS);

    private final int tag;
    private final AtomicInteger current = new AtomicInteger(NONE);
    private int generation;

    CommandTicket(int tag) {
        this.tag = tag;
    }

    static int tagOf(int commandId) {
        return commandId & TAG_MASK;
    }

    /** The identifier for the next command; nobody can take it before {@link #issue}. */
    int prepare() {
        generation = (generation + 1) % GENERATIONS;
        return generation << TAG_BITS | tag;
    }

    /** The command is under way; what was written before is seen by whoever takes the ticket. */
    void issue(int commandId) {
        current.set(commandId);
    }

    /** The identifier of the command under way, or {@link #NONE}. */
    int current() {
        return current.get();
    }

    /** Whether the caller is the one to finish the command of that identifier. */
    boolean take(int commandId) {
        return current.compareAndSet(commandId, NONE);
    }

    /** Takes whatever is under way; false when nothing is. */
    boolean takeAny() {
        return current.getAndSet(NONE) != NONE;
    }
}
