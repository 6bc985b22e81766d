// SPDX-License-Identifier: Apache-2.0
package benchmarks.simulated;

import java.util.List;
import kernel.core.execution.Cpu;
import kernel.core.execution.Fatal;
import kernel.core.execution.RuleReporter;
import kernel.core.execution.Task;

/** Ends the JVM of the benchmark when kernel code throws or breaks a rule: a figure of a broken kernel is none. */
final class FailFast implements Fatal, RuleReporter {
    @Override
    public void interruptDied(Cpu cpu, String what, Throwable cause) {
        fail(what + " died on " + cpu, cause);
    }

    @Override
    public void taskDied(Task task, Throwable cause) {
        fail(task + " died", cause);
    }

    @Override
    public void hardwareDied(Throwable cause) {
        fail("the hardware died", cause);
    }

    @Override
    public void deadlock(String report) {
        fail("deadlock: " + report, new IllegalStateException(report));
    }

    @Override
    public void report(Cpu cpu, List<String> lines) {
        fail("a rule was broken", new IllegalStateException(String.join("\n", lines)));
    }

    private static void fail(String what, Throwable cause) {
        System.err.println(what);
        cause.printStackTrace();
        Runtime.getRuntime().halt(1);
    }
}
