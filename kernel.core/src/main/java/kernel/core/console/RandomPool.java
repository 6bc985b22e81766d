// SPDX-License-Identifier: Apache-2.0
package kernel.core.console;

import java.util.concurrent.atomic.AtomicLong;

/** The kernel's random numbers: SplitMix64 from the kernel's seed, so that a run can be replayed. For simulation, not for secrets. Thread-safe. */
final class RandomPool {
    private static final long STEP = 0x9e3779b97f4a7c15L;

    private final AtomicLong state;

    RandomPool(long seed) {
        state = new AtomicLong(seed);
    }

    private long next() {
        long z = state.addAndGet(STEP);
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        long word = 0;
        for (int i = 0; i < count; i++) {
            word = i % Long.BYTES == 0 ? next() : word >>> Byte.SIZE;
            bytes[i] = (byte) word;
        }
        return bytes;
    }
}
