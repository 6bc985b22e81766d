// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import kernel.uapi.Errno;
import userland.libc.Environment;
import userland.libc.Libc;
import userland.libc.SystemCallException;

/** Executes the tree of a shell program. There is one for each shell process, the forked ones included. */
final class Interpreter {
    static final int NOT_EXECUTABLE = 126;
    static final int NOT_FOUND = 127;
    private static final int CALLS_MAX = 256;
    private static final String SHELL = "/bin/sh";

    private final Libc libc;
    private final ShellState state;
    private final Interrupts interrupts;
    private final JobTable jobs;
    private final Launcher launcher;
    private final CommandSearch search;
    private final Expander expander;
    private final Redirector redirector;
    /** Above zero: a failure is a condition, and {@code set -e} does not apply. */
    private int conditions;

    private int loops;
    private int calls;

    Interpreter(Libc libc, ShellState state) {
        this.libc = libc;
        this.state = state;
        this.interrupts = new Interrupts(libc);
        this.jobs = new JobTable(libc);
        this.launcher = new Launcher(libc, state, jobs, interrupts);
        this.search = new CommandSearch(libc, state.variables);
        this.expander = new Expander(state, search, launcher::output);
        this.redirector = new Redirector(libc, expander);
    }

    Libc libc() {
        return libc;
    }

    ShellState state() {
        return state;
    }

    JobTable jobs() {
        return jobs;
    }

    Launcher launcher() {
        return launcher;
    }

    Interrupts interrupts() {
        return interrupts;
    }

    CommandSearch search() {
        return search;
    }

    /** How many loops are being executed. */
    int loops() {
        return loops;
    }

    /** Executes text in this shell, line by line, so that what a line changes holds for the next. */
    int runText(LineSource source) {
        Parser parser = new Parser(new Lexer(source));
        int status = 0;
        for (Command.Sequence line = parser.commandLine(); line != null; line = parser.commandLine()) {
            status = run(line);
        }
        return status;
    }

    /** Runs the body of a shell process; what would leave it ends it here. Answers the exit status. */
    int runToEnd(IntSupplier body) {
        try {
            return body.getAsInt();
        } catch (SyntaxError | ShellError e) {
            libc.warn(e.getMessage());
            return SyntaxError.STATUS;
        } catch (ControlFlow.Return e) {
            return e.status;
        } catch (ControlFlow.Interrupt _) {
            return ControlFlow.Interrupt.STATUS;
        } catch (ControlFlow.Loop _) {
            return 0;
        }
    }

    /** Executes commands one after the other; answers the status of the last. */
    int run(Command.Sequence sequence) {
        for (Command.Item item : sequence.items()) {
            if (item.background()) {
                boolean pipeline = item.command() instanceof Command.Pipeline p && !p.negated();
                launcher.background(
                        pipeline ? ((Command.Pipeline) item.command()).commands() : List.of(item.command()), item.text());
                state.status = 0;
            } else {
                execute(item.command());
            }
        }
        return state.status;
    }

    /** Executes a command in this process as far as possible; answers its status, which also becomes {@code $?}. */
    int execute(Command command) {
        state.status = switch (command) {
            case Command.Simple simple -> simple(simple);
            case Command.Prepared prepared ->
                launcher.foreground(List.of(prepared), String.join(" ", prepared.arguments()));
            case Command.Pipeline pipeline -> pipeline(pipeline);
            case Command.AndOr andOr -> andOr(andOr);
            case Command.Sequence sequence -> run(sequence);
            case Command.Timed timed -> timed(timed);
            case Command.If choice -> choose(choice);
            case Command.While loop -> loop(loop);
            case Command.For loop -> loop(loop);
            case Command.Case choice -> choose(choice);
            case Command.Group group -> run(group.body());
            case Command.Subshell subshell -> launcher.foreground(List.of(subshell), "( ... )");
            case Command.Function function -> {
                state.functions.put(function.name(), function.body());
                yield 0;
            }
            case Command.Redirected redirected ->
                redirected(redirected.redirections(), () -> execute(redirected.command()));
        };
        return state.status;
    }

    /** Executes the only command of this process: a program takes its place, a subshell needs no other. */
    int executeInChild(Command command) {
        return switch (command) {
            case Command.Simple simple -> {
                List<String> arguments = expander.fields(simple.words());
                yield isProgram(arguments) ? become(simple, arguments) : simple(simple, arguments);
            }
            case Command.Prepared(Command.Simple simple, List<String> arguments) -> become(simple, arguments);
            case Command.Subshell subshell -> run(subshell.body());
            case Command.Redirected(Command.Subshell subshell, List<Redirection> redirections) ->
                redirected(redirections, () -> run(subshell.body()));
            case Command.Pipeline(List<Command> commands, boolean negated, _) when commands.size() == 1 && !negated ->
                executeInChild(commands.getFirst());
            default -> execute(command);
        };
    }

    // ---- Compound commands

    private int pipeline(Command.Pipeline pipeline) {
        conditions += pipeline.negated() ? 1 : 0;
        int status = pipeline.commands().size() == 1
                ? execute(pipeline.commands().getFirst())
                : launcher.foreground(pipeline.commands(), pipeline.text());
        conditions -= pipeline.negated() ? 1 : 0;
        if (pipeline.negated()) {
            return status == 0 ? 1 : 0;
        }
        if (status != 0 && state.exitOnError && conditions == 0) {
            libc.exit(status);
        }
        return status;
    }

    private int andOr(Command.AndOr andOr) {
        int left = condition(andOr.left());
        return (left == 0) == andOr.and() ? execute(andOr.right()) : left;
    }

    /** Executes something whose failure is an answer. */
    private int condition(Command command) {
        conditions++;
        try {
            return execute(command);
        } finally {
            conditions--;
        }
    }

    private int timed(Command.Timed timed) {
        long start = libc.clock().monotonicNanos();
        int status = execute(timed.command());
        long millis = (libc.clock().monotonicNanos() - start) / 1_000_000;
        String fraction = Long.toString(1000 + millis % 1000).substring(1);
        libc.stderr().println("\nreal\t" + millis / 60_000 + "m" + millis / 1000 % 60 + "." + fraction + "s");
        return status;
    }

    private int choose(Command.If choice) {
        if (condition(choice.condition()) == 0) {
            return execute(choice.consequence());
        }
        return choice.alternative() == null ? 0 : execute(choice.alternative());
    }

    private int choose(Command.Case choice) {
        String value = expander.text(choice.word());
        for (Command.Branch branch : choice.branches()) {
            for (Word pattern : branch.patterns()) {
                if (Glob.matches(expander.pattern(pattern), value)) {
                    state.status = 0;
                    return run(branch.body());
                }
            }
        }
        return 0;
    }

    private int loop(Command.While loop) {
        int status = 0;
        while (true) {
            // Each round enters the kernel, whatever the commands do: only there can a program be stopped.
            libc.processes().schedYield();
            interrupts.check();
            try {
                loops++;
                if ((condition(loop.condition()) == 0) == loop.until()) {
                    return status;
                }
                status = run(loop.body());
            } catch (ControlFlow.Loop flow) {
                if (leaves(flow)) {
                    return 0;
                }
            } finally {
                loops--;
            }
        }
    }

    private int loop(Command.For loop) {
        List<String> values = loop.words() == null ? state.variables.positional() : expander.fields(loop.words());
        int status = 0;
        for (String value : values) {
            interrupts.check();
            state.variables.set(loop.name(), value);
            try {
                loops++;
                status = run(loop.body());
            } catch (ControlFlow.Loop flow) {
                if (leaves(flow)) {
                    return 0;
                }
                status = 0;
            } finally {
                loops--;
            }
        }
        return status;
    }

    /** Whether a break or continue ends this loop; throws it on when it is about an outer one. */
    private static boolean leaves(ControlFlow.Loop flow) {
        if (flow.levels > 1) {
            throw new ControlFlow.Loop(flow.again, flow.levels - 1);
        }
        return !flow.again;
    }

    // ---- Simple commands

    private int simple(Command.Simple simple) {
        state.substitutionStatus = 0;
        return simple(simple, expander.fields(simple.words()));
    }

    private int simple(Command.Simple simple, List<String> arguments) {
        trace(simple, arguments);
        if (arguments.isEmpty()) {
            simple.assignments().forEach(assignment ->
                    state.variables.set(assignment.name(), expander.text(assignment.value())));
            int status = state.substitutionStatus;
            return simple.redirections().isEmpty() ? status : redirected(simple.redirections(), () -> status);
        }
        String name = arguments.getFirst();
        Command function = state.functions.get(name);
        if (function != null) {
            return redirected(
                    simple.redirections(),
                    () -> assigned(simple, () -> call(function, arguments.subList(1, arguments.size()))));
        }
        Builtins.Builtin builtin = Builtins.find(name);
        if (name.equals("exec")) {
            return exec(simple, arguments.subList(1, arguments.size()));
        }
        if (builtin != null) {
            return redirected(
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
            int status = builtin.run(this, arguments);
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
        int outerLoops = loops;
        try {
            calls++;
            loops = 0;
            state.variables.setPositional(arguments);
            return execute(function);
        } catch (ControlFlow.Return e) {
            return e.status;
        } finally {
            calls--;
            loops = outerLoops;
            state.variables.setPositional(positional);
        }
    }

    /** With the assignments in front of the command, which are undone afterwards. */
    private int assigned(Command.Simple simple, IntSupplier body) {
        Map<String, String> before = new HashMap<>();
        for (Command.Assignment assignment : simple.assignments()) {
            before.putIfAbsent(assignment.name(), state.variables.get(assignment.name()));
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

    private int redirected(List<Redirection> redirections, IntSupplier body) {
        if (redirections.isEmpty()) {
            return body.getAsInt();
        }
        Deque<Redirector.Saved> saved = new ArrayDeque<>();
        int status;
        // Nothing is restored in a finally: that would also run, and trap, while the kernel unwinds this process.
        try {
            redirector.apply(redirections, saved);
            status = body.getAsInt();
        } catch (RedirectionError e) {
            redirector.restore(saved);
            libc.warn(e.getMessage());
            return 1;
        } catch (RuntimeException e) {
            redirector.restore(saved);
            throw e;
        }
        redirector.restore(saved);
        return status;
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
    private int become(Command.Simple simple, List<String> arguments) {
        try {
            redirector.apply(simple.redirections(), null);
        } catch (RedirectionError e) {
            libc.warn(e.getMessage());
            return 1;
        }
        Environment environment = libc.environment();
        environment.clear();
        state.variables.environment().forEach(environment::set);
        simple.assignments().forEach(assignment -> environment.set(assignment.name(), expander.text(assignment.value())));
        String name = arguments.getFirst();
        String path = search.find(name);
        if (path == null) {
            return notFound(name);
        }
        try {
            libc.processes().execve(path, arguments, environment);
            return NOT_EXECUTABLE;
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
            return NOT_EXECUTABLE;
        } catch (SystemCallException e) {
            return notExecutable(SHELL, e);
        }
    }

    private int notFound(String name) {
        libc.warn(name + ": not found");
        return NOT_FOUND;
    }

    private int notExecutable(String name, SystemCallException e) {
        libc.warn(name + ": " + e.text());
        return NOT_EXECUTABLE;
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
