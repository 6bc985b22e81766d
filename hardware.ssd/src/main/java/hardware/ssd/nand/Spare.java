// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The spare area of a page: what it holds, whose it is, and whether it is whole.
 * <pre>
 *   0  KIND (8 bits)   1  0   4  DATA_CHECKSUM (32)   8  KEY (64)   16  SEQUENCE (64)
 *  24  COMPLETED (64)  32  ERASE_CYCLES (32)  36  EPOCH (32)  40  SPARE_CHECKSUM (32, of the 40 bytes before)
 * </pre>
 * All zero means erased.
 */
public final class Spare {
    /** The size of a spare area in bytes. */
    public static final int BYTES = 64;

    /** Nothing was programmed. */
    public static final int ERASED = 0;
    /** A page of the host; the key is its logical page. */
    public static final int DATA = 1;
    /** A page of the host that was lost; the key is its logical page. Reading it is an error. */
    public static final int LOST = 2;
    /** A piece of the map; the key is its number. */
    public static final int MAP = 3;
    /** The device's own state. */
    public static final int STATE = 4;

    static final int DATA_CHECKSUM = 4;
    static final int KEY = 8;
    static final int SEQUENCE = 16;
    static final int COMPLETED = 24;
    static final int ERASE_CYCLES = 32;
    static final int EPOCH = 36;
    static final int SPARE_CHECKSUM = 40;

    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Spare() {}

    static void write(
            byte[] spares,
            int at,
            int kind,
            long key,
            long sequence,
            long completed,
            int epoch,
            int cycles,
            int checksum) {
        spares[at] = (byte) kind;
        INT.set(spares, at + DATA_CHECKSUM, checksum);
        LONG.set(spares, at + KEY, key);
        LONG.set(spares, at + SEQUENCE, sequence);
        LONG.set(spares, at + COMPLETED, completed);
        INT.set(spares, at + ERASE_CYCLES, cycles);
        INT.set(spares, at + EPOCH, epoch);
        INT.set(spares, at + SPARE_CHECKSUM, checksum(spares, at, SPARE_CHECKSUM));
    }

    /** Whether the area was written by {@link #write} and not damaged since. */
    static boolean isIntact(byte[] spares, int at) {
        return spares[at] != ERASED
                && (int) INT.get(spares, at + SPARE_CHECKSUM) == checksum(spares, at, SPARE_CHECKSUM);
    }

    static boolean isErased(byte[] spares, int at) {
        for (int i = at; i < at + BYTES; i++) {
            if (spares[i] != 0) {
                return false;
            }
        }
        return true;
    }

    static int checksum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
