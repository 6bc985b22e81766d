// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

/** How much of a good thing a test does: enough for every build, or what a night is for. */
final class Effort {
    private Effort() {}

    /** The first number, or the second one with {@code -Pcampaign}. */
    static int of(int usually, int inACampaign) {
        return Boolean.getBoolean("ubend.campaign") ? inACampaign : usually;
    }
}
