// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayList;
import java.util.List;

/** Built-in commands about jobs. */
final class JobBuiltins {
    private JobBuiltins() {}

    static int jobs(Interpreter shell, List<String> arguments) {
        JobTable table = shell.jobs();
        table.poll();
        for (Job job : table.all()) {
            shell.libc().stdout().println(table.describe(job));
            if (job.isDone()) {
                table.remove(job);
            }
        }
        return 0;
    }

    static int fg(Interpreter shell, List<String> arguments) {
        Job job = find(shell, "fg", arguments);
        if (job == null) {
            return 1;
        }
        shell.libc().stdout().println(job.text());
        shell.libc().stdout().flush();
        return shell.launcher().bringForward(job);
    }

    /** A job here is never stopped, so there is nothing to do but to say so. */
    static int bg(Interpreter shell, List<String> arguments) {
        Job job = find(shell, "bg", arguments);
        if (job == null) {
            return 1;
        }
        shell.libc().warn("bg: job " + job.number() + " already in background");
        return 0;
    }

    static int await(Interpreter shell, List<String> arguments) {
        if (arguments.isEmpty()) {
            for (Job job : shell.jobs().all()) {
                await(shell, job);
            }
            return 0;
        }
        int status = 0;
        for (String argument : arguments) {
            Job job = shell.jobs().find(argument);
            if (job == null) {
                shell.libc()
                        .warn(
                                argument.startsWith("%")
                                        ? "wait: " + argument + ": no such job"
                                        : "wait: pid " + argument + " is not a child of this shell");
                status = Interpreter.NOT_FOUND;
            } else {
                await(shell, job);
                status = job.status().shellStatus();
            }
        }
        return status;
    }

    /** An interactive shell reports the job before its next prompt; another one is done with it. */
    private static void await(Interpreter shell, Job job) {
        shell.jobs().await(job, shell.interrupts());
        if (!shell.state().interactive) {
            shell.jobs().remove(job);
        }
    }

    /** Puts process groups or processes in the place of job numbers, and leaves the rest to the program. */
    static int kill(Interpreter shell, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("kill"));
        for (String argument : arguments) {
            if (!argument.startsWith("%")) {
                command.add(argument);
                continue;
            }
            Job job = shell.jobs().find(argument);
            if (job == null) {
                shell.libc().warn("kill: " + argument + ": no such job");
                return 1;
            }
            if (!command.contains("--")) {
                command.add("--");
            }
            if (job.group() != 0) {
                command.add("-" + job.group());
            } else {
                job.running().forEach(pid -> command.add(Integer.toString(pid)));
            }
        }
        Command.Simple nothingElse = new Command.Simple(List.of(), List.of(), List.of());
        return shell.launcher().foreground(List.of(new Command.Prepared(nothingElse, command)), "kill");
    }

    private static Job find(Interpreter shell, String command, List<String> arguments) {
        String name = arguments.isEmpty() ? "%%" : arguments.getFirst();
        Job job = shell.jobs().find(name);
        if (job == null) {
            shell.libc().warn(command + ": " + (arguments.isEmpty() ? "no current job" : name + ": no such job"));
        }
        return job;
    }
}
