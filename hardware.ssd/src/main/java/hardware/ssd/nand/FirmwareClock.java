// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

/** What time the firmware believes it is: read from the timeline once for each event, so that looking costs nothing. Belongs to the firmware. */
public final class FirmwareClock {
    private long now;

    public long now() {
        return now;
    }

    public void set(long nanos) {
        now = nanos;
    }
}
