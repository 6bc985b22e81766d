// SPDX-License-Identifier: Apache-2.0
package hardware.machine;

import java.util.stream.LongStream;

/** The seeds of random tests: a few, or a hundred times as many in a campaign. A test's name shows its seed. */
public final class Seeds {
    private Seeds() {}

    public static LongStream few() {
        return LongStream.rangeClosed(1, Boolean.getBoolean("ubend.campaign") ? 1000 : 10);
    }
}
