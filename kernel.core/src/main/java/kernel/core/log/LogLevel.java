// SPDX-License-Identifier: Apache-2.0
package kernel.core.log;

/** The levels of messages (Linux: include/linux/kern_levels.h). */
public final class LogLevel {
    public static final int EMERG = 0;
    public static final int ALERT = 1;
    public static final int CRIT = 2;
    public static final int ERR = 3;
    public static final int WARNING = 4;
    public static final int NOTICE = 5;
    public static final int INFO = 6;
    public static final int DEBUG = 7;

    private LogLevel() {}
}
