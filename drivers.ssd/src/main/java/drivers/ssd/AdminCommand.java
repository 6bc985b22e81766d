// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static hardware.ssd.registers.AdminOpcode.GET_LOG_PAGE;
import static hardware.ssd.registers.AdminOpcode.IDENTIFY;
import static hardware.ssd.registers.AdminOpcode.SET_FEATURES;

/**
 * A command of the admin queue.
 *
 * @param address bus address of what it is about; 0 for none, or for data of the queue's own
 * @param words10 CDW10 in the lower half, CDW11 in the upper; the others likewise
 */
record AdminCommand(int opcode, int namespace, long address, long words10, long words12, long words14) {
    private static final int LOG_COUNT_SHIFT = 16;

    static AdminCommand of(int opcode, int namespace, int word10, int word11) {
        return new AdminCommand(opcode, namespace, 0, QueuePair.words(word10, word11), 0, 0);
    }

    /** Creates a queue at that address. */
    static AdminCommand queueAt(int opcode, long address, int word10, int word11) {
        return new AdminCommand(opcode, 0, address, QueuePair.words(word10, word11), 0, 0);
    }

    static AdminCommand identify(int what, int namespace) {
        return of(IDENTIFY, namespace, what, 0);
    }

    static AdminCommand setFeature(int feature, int value) {
        return of(SET_FEATURES, 0, feature, value);
    }

    static AdminCommand log(int page, int namespace, int bytes) {
        return of(GET_LOG_PAGE, namespace, (bytes / Integer.BYTES - 1) << LOG_COUNT_SHIFT | page, 0);
    }
}
