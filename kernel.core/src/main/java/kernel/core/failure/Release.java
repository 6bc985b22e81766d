// SPDX-License-Identifier: Apache-2.0
package kernel.core.failure;

/** What the kernel calls itself, as uname, /proc/version and every report show it. */
public final class Release {
    public static final String SYSTEM = "U-Bend";
    public static final String RELEASE = "6.12.0-ubend";
    public static final String VERSION = "#1 SMP PREEMPT Thu Jan  1 00:00:00 UTC 2026";
    /** Whose system-call numbers and layouts programs see. */
    public static final String ARCHITECTURE = "x86_64";

    public static final String HARDWARE = "U-Bend simulated machine";

    private Release() {}
}
