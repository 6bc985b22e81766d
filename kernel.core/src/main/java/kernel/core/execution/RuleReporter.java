// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.util.List;

/** Takes the reports of broken rules to the kernel log. */
@FunctionalInterface
public interface RuleReporter {
    /**
     * Reports one broken rule.
     *
     * @param cpu where it happened, for the line with CPU, PID and taint
     * @param lines what Linux would print, then the reason for the rule
     */
    void report(Cpu cpu, List<String> lines);
}
