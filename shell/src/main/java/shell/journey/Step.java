// SPDX-License-Identifier: Apache-2.0
package shell.journey;

/**
 * One step of a journey.
 *
 * @param lane how deep it is
 * @param nanos since the call began
 * @param context who ran, and as what: {@code head/5}, {@code hardirq on top of swapper/0}
 * @param text what happened
 */
record Step(Lane lane, long nanos, String context, String text) {
    /** The three depths. */
    enum Lane {
        USER,
        KERNEL,
        HARDWARE
    }
}
