// SPDX-License-Identifier: Apache-2.0
package kernel.core.schedule;

/** The random numbers of a schedule: SplitMix64, so that a seed means the same on every JDK. */
final class RandomSource {
    private long state;

    RandomSource(long seed) {
        state = seed;
    }

    long nextLong() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** Uniform in {@code [0, bound)}, bound at least 1. */
    int nextInt(int bound) {
        return (int) ((nextLong() >>> 33) % bound);
    }
}
