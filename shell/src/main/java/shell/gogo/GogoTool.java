// SPDX-License-Identifier: Apache-2.0
package shell.gogo;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.osgi.framework.BundleException;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;

/** A command of the framework as a program. */
public final class GogoTool implements Tool {
    /** Often enough that nobody notices, seldom enough that it costs nothing. */
    private static final long POLL_NANOS = 2_000_000;

    private final GogoRuntime runtime;
    private final String name;
    private final String summary;
    private final String command;

    private GogoTool(GogoRuntime runtime, String name, String summary, String command) {
        this.runtime = runtime;
        this.name = name;
        this.summary = summary;
        this.command = command;
    }

    /** Those that are always there; {@code gogo} runs all others. */
    public static List<Tool> all(GogoRuntime runtime) {
        return List.of(
                new GogoTool(runtime, "gogo", "run a command line of the OSGi framework", ""),
                new GogoTool(runtime, "lb", "list the bundles of the framework", "felix:lb"),
                new GogoTool(runtime, "headers", "show the manifest of a bundle", "felix:headers"),
                new GogoTool(runtime, "inspect", "show what a bundle needs and offers", "felix:inspect"),
                new GogoTool(runtime, "scr", "list the service components", "scr:list"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public String usage() {
        return command.isEmpty()
                ? """
                Usage: gogo COMMAND [ARGUMENT]...
                       gogo 'COMMAND LINE'
                Run a command of the OSGi framework that this machine lives in, such as felix:lb or scr:list. What it knows:
                gogo help
                """
                : "Usage: " + name + " [ARGUMENT]...\nThe framework's " + command + ": " + summary + ".\n";
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        if (command.isEmpty() && arguments.isEmpty()) {
            throw ToolFailure.usage(this, "which command?");
        }
        String line = command.isEmpty() && arguments.size() == 1 ? arguments.getFirst() : line(arguments);
        try {
            process.out().print(await(process, runtime.execution(line)));
            return 0;
        } catch (BundleException e) {
            throw new ToolFailure(1, name + ": " + e.getMessage());
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new ToolFailure(1, name + ": " + (cause.getMessage() == null ? cause : cause.getMessage()));
        }
    }

    private String line(List<String> arguments) {
        String quoted = arguments.stream()
                .map(argument ->
                        argument.matches("[\\w:./=,*-]+") ? argument : "'" + argument.replace("'", "\\'") + "'")
                .collect(Collectors.joining(" "));
        return command.isEmpty() ? quoted : command + " " + quoted;
    }

    /** Waits by sleeping in the machine, so that the processor is free for what the command may want of the kernel. */
    private static String await(ToolProcess process, Callable<String> work) throws ExecutionException {
        FutureTask<String> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("ubend-gogo").start(task);
        while (!task.isDone() && process.sleep(POLL_NANOS)) {
            Thread.onSpinWait();
        }
        try {
            return task.isDone() ? task.get() : "";
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
