// SPDX-License-Identifier: Apache-2.0
package kernel.core.log;

import kernel.api.module.KernelLog;

/** The log as one module or device writes it (Linux: dev_printk). */
final class PrefixedLog implements KernelLog {
    private final Log log;
    private final String prefix;

    PrefixedLog(Log log, String prefix) {
        this.log = log;
        this.prefix = prefix;
    }

    @Override
    public void error(String message) {
        log.print(LogLevel.ERR, prefix + message);
    }

    @Override
    public void warn(String message) {
        log.print(LogLevel.WARNING, prefix + message);
    }

    @Override
    public void notice(String message) {
        log.print(LogLevel.NOTICE, prefix + message);
    }

    @Override
    public void info(String message) {
        log.print(LogLevel.INFO, prefix + message);
    }

    @Override
    public void debug(String message) {
        log.print(LogLevel.DEBUG, prefix + message);
    }
}
