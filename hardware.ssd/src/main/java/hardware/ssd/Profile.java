// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import hardware.ssd.controller.ControllerTiming;
import hardware.ssd.nand.NandTiming;

/** How fast a disk is, and how reliable unless parameters say otherwise. */
@SuppressWarnings("ImmutableEnumChecker") // Its fields are records of numbers.
enum Profile {
    /** Everything takes no time. */
    ZERO("zero", NandTiming.ZERO, ControllerTiming.ZERO, 0, 0, 0, 0),
    /** A good disk of today. */
    NVME(
            "nvme",
            new NandTiming(50_000, 200_000, 2_000_000, 3_000),
            new ControllerTiming(1_000_000, 1_000, 1_000),
            0,
            0,
            0,
            0),
    /** A disk behind a slow link. */
    SATA(
            "sata",
            new NandTiming(70_000, 600_000, 3_000_000, 10_000),
            new ControllerTiming(10_000_000, 10_000, 8_000),
            0,
            0,
            0,
            0),
    /** A disk at the end of its life: slow, and everything may fail. */
    WORN_OUT(
            "worn-out",
            new NandTiming(120_000, 1_500_000, 8_000_000, 10_000),
            new ControllerTiming(10_000_000, 10_000, 8_000),
            1e-4,
            1e-3,
            1e-2,
            0.95);

    private final String text;
    final NandTiming flash;
    final ControllerTiming controller;
    final double programFailure;
    final double eraseFailure;
    final double readRetry;
    /** The share of its endurance that it has behind it. */
    final double used;

    Profile(
            String text,
            NandTiming flash,
            ControllerTiming controller,
            double programFailure,
            double eraseFailure,
            double readRetry,
            double used) {
        this.text = text;
        this.flash = flash;
        this.controller = controller;
        this.programFailure = programFailure;
        this.eraseFailure = eraseFailure;
        this.readRetry = readRetry;
        this.used = used;
    }

    /** What it is called in parameters. */
    String text() {
        return text;
    }
}
