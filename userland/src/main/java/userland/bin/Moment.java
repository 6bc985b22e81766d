// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A time of the kernel's real-time clock as text; the machine's zone is UTC. */
final class Moment {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** An older time is shown with its year (half a Gregorian year, as ls(1) has it). */
    private static final long RECENT_SECONDS = 31_556_952L / 2;

    private final long epochSecond;
    private final LocalDateTime time;

    Moment(long realTimeNanos) {
        epochSecond = Math.floorDiv(realTimeNanos, NANOS_PER_SECOND);
        time = LocalDateTime.ofInstant(
                Instant.ofEpochSecond(epochSecond, Math.floorMod(realTimeNanos, NANOS_PER_SECOND)), ZoneOffset.UTC);
    }

    long epochSecond() {
        return epochSecond;
    }

    /** The time as a pattern of {@link DateTimeFormatter} says, in English. */
    String format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
    }

    /** As date(1) prints it. */
    String full() {
        return format("EEE MMM ppd HH:mm:ss 'UTC' yyyy");
    }

    /** As {@code ls -l} prints it. */
    String brief(Moment now) {
        boolean recent = epochSecond <= now.epochSecond && epochSecond > now.epochSecond - RECENT_SECONDS;
        return format(recent ? "MMM ppd HH:mm" : "MMM ppd  yyyy");
    }
}
