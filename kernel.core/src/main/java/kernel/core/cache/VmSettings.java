// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import java.util.List;

/** When dirty pages are written, as /proc/sys/vm has it (Linux: Documentation/admin-guide/sysctl/vm.rst). Thread-safe; each is set by itself. */
public final class VmSettings {
    private static final long NANOS_PER_CENTISECOND = 10_000_000L;
    private static final int PERCENT = 100;

    private volatile int backgroundRatio = 10;
    private volatile int dirtyRatio = 20;
    private volatile long backgroundBytes;
    private volatile long dirtyBytes;
    private volatile long expireCentiseconds = 3000;
    private volatile long intervalCentiseconds = 500;

    VmSettings() {}

    /** The names of the files below /proc/sys/vm. */
    public List<String> names() {
        return List.of(
                "dirty_background_bytes",
                "dirty_background_ratio",
                "dirty_bytes",
                "dirty_expire_centisecs",
                "dirty_ratio",
                "dirty_writeback_centisecs");
    }

    /** The value of a file below /proc/sys/vm, or -1 when there is none of that name. */
    public long get(String name) {
        return switch (name) {
            case "dirty_background_bytes" -> backgroundBytes;
            case "dirty_background_ratio" -> backgroundRatio;
            case "dirty_bytes" -> dirtyBytes;
            case "dirty_expire_centisecs" -> expireCentiseconds;
            case "dirty_ratio" -> dirtyRatio;
            case "dirty_writeback_centisecs" -> intervalCentiseconds;
            default -> -1;
        };
    }

    /**
     * Sets one. Of bytes and ratio of the same limit the one counts that was set last; the other reads 0.
     *
     * @return whether there is one of that name and the value is in its range
     */
    public boolean set(String name, long value) {
        if (value < 0) {
            return false;
        }
        switch (name) {
            case "dirty_background_bytes" -> {
                backgroundBytes = value;
                backgroundRatio = 0;
            }
            case "dirty_background_ratio" -> {
                if (value > PERCENT) {
                    return false;
                }
                backgroundRatio = (int) value;
                backgroundBytes = 0;
            }
            case "dirty_bytes" -> {
                // Less than two pages would let nobody write.
                if (value < 2L * CachedPage.BYTES) {
                    return false;
                }
                dirtyBytes = value;
                dirtyRatio = 0;
            }
            case "dirty_ratio" -> {
                if (value > PERCENT) {
                    return false;
                }
                dirtyRatio = (int) value;
                dirtyBytes = 0;
            }
            case "dirty_expire_centisecs" -> expireCentiseconds = value;
            case "dirty_writeback_centisecs" -> intervalCentiseconds = value;
            default -> {
                return false;
            }
        }
        return true;
    }

    long backgroundLimit(long dirtyable) {
        long own = backgroundBytes > 0 ? backgroundBytes >> CachedPage.SHIFT : dirtyable * backgroundRatio / PERCENT;
        long limit = dirtyLimit(dirtyable);
        return own >= limit ? limit / 2 : own;
    }

    long dirtyLimit(long dirtyable) {
        long limit = dirtyBytes > 0 ? dirtyBytes >> CachedPage.SHIFT : dirtyable * dirtyRatio / PERCENT;
        return Math.max(2, limit);
    }

    /** How old dirty bytes become before they are written. */
    long expireNanos() {
        return expireCentiseconds * NANOS_PER_CENTISECOND;
    }

    /** How often somebody looks; 0 for never. */
    long intervalNanos() {
        return intervalCentiseconds * NANOS_PER_CENTISECOND;
    }
}
