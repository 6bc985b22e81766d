// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.registers.CompletionEntry;
import hardware.ssd.registers.LogPage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The last commands that failed. Guarded by the firmware's lock. */
final class ErrorLog {
    static final int ENTRIES = 64;

    private final byte[] ring = new byte[ENTRIES * LogPage.ERROR_ENTRY_BYTES];
    private final ByteBuffer buffer = ByteBuffer.wrap(ring).order(ByteOrder.LITTLE_ENDIAN);
    private long count;

    void add(Command command) {
        int at = (int) (count++ % ENTRIES) * LogPage.ERROR_ENTRY_BYTES;
        buffer.putLong(at + LogPage.ERROR_COUNT, count);
        buffer.putShort(at + LogPage.ERROR_SQID, (short) command.queue.id);
        buffer.putShort(at + LogPage.ERROR_CID, (short) command.id);
        buffer.putShort(at + LogPage.ERROR_STATUS, (short) (command.status << CompletionEntry.STATUS_SHIFT));
        buffer.putLong(at + LogPage.ERROR_LBA, command.isAdmin() ? 0 : command.firstBlock());
        buffer.putInt(at + LogPage.ERROR_NSID, command.namespace);
    }

    /** How many errors there were since power came on. */
    long count() {
        return count;
    }

    void clear() {
        Arrays.fill(ring, (byte) 0);
        count = 0;
    }

    /** The entries, newest first. */
    void copyTo(byte[] page) {
        for (int i = 0; i < Math.min(count, ENTRIES); i++) {
            int at = (int) ((count - 1 - i) % ENTRIES) * LogPage.ERROR_ENTRY_BYTES;
            System.arraycopy(ring, at, page, i * LogPage.ERROR_ENTRY_BYTES, LogPage.ERROR_ENTRY_BYTES);
        }
    }
}
