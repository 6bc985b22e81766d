// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/** The health log (SMART), {@value #BYTES} bytes. Counters of 128 bits have zeros above the lower 64. */
public final class HealthLog {
    /** The size of the page in bytes. */
    public static final int BYTES = 512;

    /** 8 bits: what is critical; the bits WARNING_*. */
    public static final int CRITICAL_WARNING = 0;
    /** In the warning: available spare is below its threshold. */
    public static final int WARNING_SPARE = 1;
    /** In the warning: beyond the temperature threshold. */
    public static final int WARNING_TEMPERATURE = 1 << 1;
    /** In the warning: the medium is worn out or fails. */
    public static final int WARNING_RELIABILITY = 1 << 2;
    /** In the warning: the medium takes no more writes. */
    public static final int WARNING_READ_ONLY = 1 << 3;
    /** 16 bits: kelvin. */
    public static final int TEMPERATURE = 1;
    /** 8 bits: percent of the spare blocks that are left. */
    public static final int AVAILABLE_SPARE = 3;
    /** 8 bits: percent below which there is a warning. */
    public static final int SPARE_THRESHOLD = 4;
    /** 8 bits: percent of the endurance that is used, up to 255. */
    public static final int PERCENTAGE_USED = 5;
    /** 128 bits: thousands of 512 bytes read by the host, rounded up. */
    public static final int DATA_UNITS_READ = 32;
    /** 128 bits: thousands of 512 bytes written by the host, rounded up. */
    public static final int DATA_UNITS_WRITTEN = 48;
    /** 128 bits: read and compare commands. */
    public static final int HOST_READS = 64;
    /** 128 bits: write commands. */
    public static final int HOST_WRITES = 80;
    /** 128 bits: minutes that commands were under way. */
    public static final int BUSY_MINUTES = 96;
    /** 128 bits: how often it was switched on. */
    public static final int POWER_CYCLES = 112;
    /** 128 bits: hours that it was on. */
    public static final int POWER_ON_HOURS = 128;
    /** 128 bits: how often it lost power without a shutdown. */
    public static final int UNSAFE_SHUTDOWNS = 144;
    /** 128 bits: reads and writes that failed for good. */
    public static final int MEDIA_ERRORS = 160;
    /** 128 bits: entries that the error log ever had. */
    public static final int ERROR_LOG_ENTRIES = 176;

    private HealthLog() {}
}
