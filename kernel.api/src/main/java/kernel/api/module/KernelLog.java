// SPDX-License-Identifier: Apache-2.0
package kernel.api.module;

/** The kernel log under a module's or device's name (Linux: dev_info and friends). Callable in any context; never sleeps. */
public interface KernelLog {
    void error(String message);

    void warn(String message);

    void notice(String message);

    void info(String message);

    void debug(String message);
}
