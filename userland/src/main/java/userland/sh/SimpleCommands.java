// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import kernel.uapi.Errno;
import userland.libc.Environment;
import userland.libc.Libc;
import userland.libc.SystemCallException;

/** Executes simple commands: assignments, functions, built-in commands, programs, in this order of precedence. */
final class SimpleCommands {
    private static final int CALLS_MAX = 256;
    private static final String SHELL = "/bin/sh";

    private final Interpreter shell;
    private final Libc libc;
    private final ShellState state;
    private final Launcher launcher;
    private final CommandSearch search;
    private final Expander expander;
    private final Redirector redirector;
    private int calls;

    SimpleCommands(Interpreter shell, Expander expander, Redirector redirector) {
        this.shell = shell;
        this.libc = shell.libc();
        this.state = shell.state();
        this.launcher = shell.launcher();
        this.search = shell.search();
        this.expander = expander;
        this.redirector = redirector;
    }

    /** Executes a command; a program in a process of its own. */
    int execute(Command.Simple simple) {
        state.substitutionStatus = 0;
        return execute(simple, expander.fields(simple.words()));
    }

    /** Executes the only command of this process: a program takes its place. */
    int executeInChild(Command.Simple simple) {
        List<String> arguments = expander.fields(simple.words());
        return isProgram(arguments) ? become(simple, arguments) : execute(simple, arguments);
    }

    private int execute(Command.Simple simple, List<String> arguments) {
        trace(simple, arguments);
        if (arguments.isEmpty()) {
            simple.assignments()
                    .forEach(assignment -> state.variables.set(assignment.name(), expander.text(assignment.value())));
            int status = state.substitutionStatus;
            return redirector.around(simple.redirections(), () -> status);
        }
        String name = arguments.getFirst();
        Command function = state.functions.get(name);
        if (function != null) {
            return redirector.around(
                    simple.redirections(),
                    () -> assigned(simple, () -> call(function, arguments.subList(1, arguments.size()))));
        }
        Builtins.Builtin builtin = Builtins.find(name);
        if (name.equals("exec")) {
            return exec(simple, arguments.subList(1, arguments.size()));
        }
        if (builtin != null) {
            return redirector.around(
                    simple.redirections(),
                    () -> assigned(simple, () -> builtin(builtin, arguments.subList(1, arguments.size()))));
        }
        return launcher.foreground(List.of(new Command.Prepared(simple, arguments)), String.join(" ", arguments));
    }

    private boolean isProgram(List<String> arguments) {
        return !arguments.isEmpty()
                && !arguments.getFirst().equals("exec")
                && !state.functions.containsKey(arguments.getFirst())
                && Builtins.find(arguments.getFirst()) == null;
    }

    private int builtin(Builtins.Builtin builtin, List<String> arguments) {
        try {
            int status = builtin.run(shell, arguments);
            libc.stdout().flush();
            return status;
        } catch (SystemCallException e) {
            libc.warn(e.getMessage());
            return 1;
        }
    }

    private int call(Command function, List<String> arguments) {
        if (calls == CALLS_MAX) {
            throw new ShellError("maximum function nesting level exceeded (" + CALLS_MAX + ")");
        }
        List<String> positional = state.variables.positional();
        try {
            calls++;
            state.variables.setPositional(arguments);
            return shell.executeOutsideOfLoops(function);
        } catch (ControlFlow.Return e) {
            return e.status;
        } finally {
            calls--;
            state.variables.setPositional(positional);
        }
    }

    /** With the assignments in front of the command, which are undone afterwards. */
    private int assigned(Command.Simple simple, IntSupplier body) {
        Map<String, String> before = new HashMap<>();
        for (Command.Assignment assignment : simple.assignments()) {
            if (!before.containsKey(assignment.name())) {
                before.put(assignment.name(), state.variables.get(assignment.name()));
            }
            state.variables.set(assignment.name(), expander.text(assignment.value()));
        }
        try {
            return body.getAsInt();
        } finally {
            before.forEach((name, value) -> {
                if (value == null) {
                    state.variables.unset(name);
                } else {
                    state.variables.set(name, value);
                }
            });
        }
    }

    /** {@code exec}: redirections stay, a program takes the place of this shell. */
    private int exec(Command.Simple simple, List<String> arguments) {
        if (!arguments.isEmpty()) {
            int status = become(simple, arguments);
            if (!state.interactive) {
                libc.exit(status);
            }
            return status;
        }
        try {
            redirector.apply(simple.redirections(), null);
            return 0;
        } catch (RedirectionError e) {
            libc.warn(e.getMessage());
            return 1;
        }
    }

    /** Makes this process the program; comes back only with the status of a failure. */
    int become(Command.Simple simple, List<String> arguments) {
        try {
            redirector.apply(simple.redirections(), null);
        } catch (RedirectionError e) {
            libc.warn(e.getMessage());
            return 1;
        }
        Environment environment = libc.environment();
        environment.clear();
        state.variables.environment().forEach(environment::set);
        simple.assignments()
                .forEach(assignment -> environment.set(assignment.name(), expander.text(assignment.value())));
        String name = arguments.getFirst();
        String path = search.find(name);
        if (path == null) {
            return notFound(name);
        }
        try {
            libc.processes().execve(path, arguments, environment);
            return Interpreter.NOT_EXECUTABLE;
        } catch (SystemCallException e) {
            return switch (e.errno()) {
                case Errno.ENOENT -> notFound(name);
                case Errno.ENOEXEC -> script(path, arguments, environment);
                default -> notExecutable(name, e);
            };
        }
    }

    /** A file that is no program is taken for a script. */
    private int script(String path, List<String> arguments, Environment environment) {
        List<String> shell = new ArrayList<>(List.of("sh", path));
        shell.addAll(arguments.subList(1, arguments.size()));
        try {
            libc.processes().execve(SHELL, shell, environment);
            return Interpreter.NOT_EXECUTABLE;
        } catch (SystemCallException e) {
            return notExecutable(SHELL, e);
        }
    }

    private int notFound(String name) {
        libc.warn(name + ": not found");
        return Interpreter.NOT_FOUND;
    }

    private int notExecutable(String name, SystemCallException e) {
        libc.warn(name + ": " + e.text());
        return Interpreter.NOT_EXECUTABLE;
    }

    private void trace(Command.Simple simple, List<String> arguments) {
        if (state.trace) {
            StringBuilder line = new StringBuilder("+");
            for (Command.Assignment assignment : simple.assignments()) {
                line.append(' ').append(assignment.name()).append('=').append(expander.text(assignment.value()));
            }
            arguments.forEach(argument -> line.append(' ').append(Builtins.quoteIfNeeded(argument)));
            libc.stderr().println(line.toString());
        }
    }
}
