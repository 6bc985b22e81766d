// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static org.assertj.core.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/** Checks, when asked to, that no host lock of the file system is held where the machine may switch to somebody else. */
final class LockRules {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    boolean enabled;
    int checks;

    /** To be called by whatever may sleep, trace, wake or enter a driver. */
    void check() {
        if (!enabled) {
            return;
        }
        checks++;
        long[] self = {Thread.currentThread().threadId()};
        ThreadInfo info = threads.getThreadInfo(self, true, true)[0];
        for (MonitorInfo monitor : info.getLockedMonitors()) {
            StackTraceElement frame = monitor.getLockedStackFrame();
            if (frame.getClassName().startsWith("kernel.vfs.")) {
                fail("a host lock is held here: %s", frame);
            }
        }
    }
}
