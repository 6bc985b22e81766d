// SPDX-License-Identifier: Apache-2.0
package kernel.core.log;

/**
 * One line of the log.
 *
 * @param sequence counts from 0 and has no gaps
 * @param level 0 (emergency) to 7 (debug)
 * @param nanos time of the machine's clock
 * @param text without a line feed
 */
public record LogEntry(long sequence, int level, long nanos, String text) {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int SECONDS_WIDTH = 5;
    private static final int MICROS_WIDTH = 6;

    /** The line as dmesg shows it: {@code [    1.234567] text}. */
    public String line() {
        StringBuilder line = new StringBuilder(text.length() + 16).append('[');
        pad(line, Long.toString(nanos / NANOS_PER_SECOND), SECONDS_WIDTH, ' ');
        line.append('.');
        pad(line, Long.toString(nanos % NANOS_PER_SECOND / 1000), MICROS_WIDTH, '0');
        return line.append("] ").append(text).toString();
    }

    private static void pad(StringBuilder to, String number, int width, char filler) {
        for (int i = number.length(); i < width; i++) {
            to.append(filler);
        }
        to.append(number);
    }
}
