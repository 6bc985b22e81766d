// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.List;
import java.util.function.IntSupplier;
import userland.libc.Libc;

/** Executes the tree of a shell program. There is one for each shell process, the forked ones included. */
final class Interpreter {
    static final int NOT_EXECUTABLE = 126;
    static final int NOT_FOUND = 127;

    private final Libc libc;
    private final ShellState state;
    private final Interrupts interrupts;
    private final JobTable jobs;
    private final Launcher launcher;
    private final CommandSearch search;
    private final Expander expander;
    private final Redirector redirector;
    private final SimpleCommands simpleCommands;
    /** Above zero: a failure is a condition, and {@code set -e} does not apply. */
    private int conditions;

    private int loops;

    Interpreter(Libc libc, ShellState state) {
        this.libc = libc;
        this.state = state;
        this.interrupts = new Interrupts(libc);
        this.jobs = new JobTable(libc);
        this.launcher = new Launcher(libc, state, jobs, interrupts);
        this.search = new CommandSearch(libc, state.variables);
        this.expander = new Expander(state, search, launcher::output);
        this.redirector = new Redirector(libc, expander);
        this.simpleCommands = new SimpleCommands(this, expander, redirector);
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
                        pipeline ? ((Command.Pipeline) item.command()).commands() : List.of(item.command()),
                        item.text());
                state.status = 0;
            } else {
                execute(item.command());
            }
            interrupts.check();
        }
        return state.status;
    }

    /** Executes a command in this process as far as possible; answers its status, which also becomes {@code $?}. */
    int execute(Command command) {
        state.status = switch (command) {
            case Command.Simple simple -> simpleCommands.execute(simple);
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
                redirector.around(redirected.redirections(), () -> execute(redirected.command()));
        };
        return state.status;
    }

    /** Executes the only command of this process: a program takes its place, a subshell needs no other. */
    int executeInChild(Command command) {
        return switch (command) {
            case Command.Simple simple -> simpleCommands.executeInChild(simple);
            case Command.Prepared(Command.Simple simple, List<String> arguments) ->
                simpleCommands.become(simple, arguments);
            case Command.Subshell subshell -> run(subshell.body());
            case Command.Redirected(Command.Subshell subshell, List<Redirection> redirections) ->
                redirector.around(redirections, () -> run(subshell.body()));
            case Command.Pipeline pipeline
            when pipeline.commands().size() == 1 && !pipeline.negated() ->
                executeInChild(pipeline.commands().getFirst());
            default -> execute(command);
        };
    }

    /** Executes the body of a function: a break in it is not about the loops around the call. */
    int executeOutsideOfLoops(Command body) {
        int outer = loops;
        loops = 0;
        try {
            return execute(body);
        } finally {
            loops = outer;
        }
    }

    // ---- Compound commands

    private int pipeline(Command.Pipeline pipeline) {
        if (pipeline.negated()) {
            return condition(new Command.Pipeline(pipeline.commands(), false, pipeline.text())) == 0 ? 1 : 0;
        }
        int status = pipeline.commands().size() == 1
                ? execute(pipeline.commands().getFirst())
                : launcher.foreground(pipeline.commands(), pipeline.text());
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
}
