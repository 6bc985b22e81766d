// SPDX-License-Identifier: Apache-2.0
package benchmarks;

/**
 * How much time is spent.
 *
 * @param rounds how often host and simulated kernel take turns, each time in a fresh JVM
 * @param warmups iterations that do not count, in each JVM
 * @param iterations that do
 * @param iterationMillis how long each takes
 * @param coldStarts runs of a whole process
 * @param moduleCycles insmod and rmmod
 */
record Effort(int rounds, int warmups, int iterations, int iterationMillis, int coldStarts, int moduleCycles) {
    /** One to two minutes. */
    static Effort quick() {
        return new Effort(1, 4, 4, 250, 5, 50);
    }

    /** About eight minutes. */
    static Effort full() {
        return new Effort(3, 5, 5, 400, 11, 200);
    }
}
