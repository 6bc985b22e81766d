// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in byte arrays, in the order of x86-64. */
final class LittleEndian {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    static void putShort(byte[] to, int offset, int value) {
        SHORTS.set(to, offset, (short) value);
    }

    static void putInt(byte[] to, int offset, int value) {
        INTS.set(to, offset, value);
    }

    static long getLong(byte[] from, int offset) {
        return (long) LONGS.get(from, offset);
    }

    static void putLong(byte[] to, int offset, long value) {
        LONGS.set(to, offset, value);
    }
}
