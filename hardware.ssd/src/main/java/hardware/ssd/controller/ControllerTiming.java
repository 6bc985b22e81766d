// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

/**
 * How long the controller takes, in nanoseconds.
 *
 * @param enableNanos from CC.EN to CSTS.RDY, both ways
 * @param commandNanos the firmware's processor for one command
 * @param linkNanos 4096 bytes between memory and controller
 */
public record ControllerTiming(long enableNanos, long commandNanos, long linkNanos) {
    /** Everything at once. */
    public static final ControllerTiming ZERO = new ControllerTiming(0, 0, 0);
}
