// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

/** The power went in the middle of what the firmware was doing. Unwinds the firmware; nobody but its outermost frame catches it. */
public final class PowerLost extends RuntimeException {
    private static final long serialVersionUID = 1;

    public PowerLost() {
        super("power lost", null, false, false);
    }
}
