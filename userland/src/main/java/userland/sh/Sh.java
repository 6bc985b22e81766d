// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;
import userland.libc.Terminal;

/** sh(1). */
public final class Sh implements Program {
    /** What {@code --help} prints. */
    public static final String USAGE = """
            Usage: sh [-eiux] [-c COMMANDS [NAME [ARGUMENT]...] | FILE [ARGUMENT]... | -s [ARGUMENT]...]
            Execute commands: from a string, from a file, or from the standard input.

              -c COMMANDS   execute this
              -s            from the standard input, though there are arguments
              -i            as if the standard input were a terminal
              -e            leave when a command fails
              -u            a variable that is not set is a mistake
              -x            print each command before it is executed

            Within the shell, help lists its own commands.
            """;

    private static final String PROMPT = "# ";
    private static final String CONTINUATION_PROMPT = "> ";

    private final Map<String, String> summaries;

    /** Takes what {@code help} says of each program. */
    public Sh(Map<String, String> summaries) {
        this.summaries = Map.copyOf(summaries);
    }

    @Override
    public int main(Libc libc, String[] arguments) {
        Variables variables =
                new Variables(libc.programName(), libc.environment().values());
        variables.set("PPID", Integer.toString(libc.processes().getppid()));
        ShellState state = new ShellState(variables, libc.processes().getpid(), summaries);
        Interpreter interpreter = new Interpreter(libc, state);
        List<String> left = new ArrayList<>(Arrays.asList(arguments));
        boolean command = false;
        boolean input = false;
        boolean interactive = false;
        while (!left.isEmpty()
                && left.getFirst().length() > 1
                && left.getFirst().startsWith("-")) {
            String option = left.removeFirst();
            if (option.equals("--")) {
                break;
            }
            command |= option.indexOf('c') > 0;
            input |= option.indexOf('s') > 0;
            interactive |= option.indexOf('i') > 0;
            String rest = option.replaceAll("[csi]", "");
            if (rest.length() > 1 && !state.setOptions(rest)) {
                libc.warn(option + ": invalid option");
                return SyntaxError.STATUS;
            }
        }
        if (command) {
            return runString(interpreter, left);
        }
        if (!left.isEmpty() && !input) {
            return runFile(interpreter, left);
        }
        variables.setPositional(left);
        if (interactive || new Terminal(libc, Libc.STDIN).exists()) {
            return new Conversation(interpreter).run();
        }
        LineInput lines = new LineInput(libc, Libc.STDIN, interpreter.interrupts());
        return interpreter.runToEnd(() -> interpreter.runText(_ -> lines.readLine()));
    }

    private static int runString(Interpreter interpreter, List<String> arguments) {
        if (arguments.isEmpty()) {
            interpreter.libc().warn("-c: option requires an argument");
            return SyntaxError.STATUS;
        }
        Variables variables = interpreter.state().variables;
        if (arguments.size() > 1) {
            variables.setName(arguments.get(1));
            variables.setPositional(arguments.subList(2, arguments.size()));
        }
        return interpreter.runToEnd(() -> interpreter.runText(LineSource.of(arguments.getFirst())));
    }

    private static int runFile(Interpreter interpreter, List<String> arguments) {
        String path = arguments.getFirst();
        String text;
        try {
            text = ScriptFile.read(interpreter.libc(), path);
        } catch (SystemCallException e) {
            interpreter.libc().warn(path + ": " + e.text());
            return e instanceof SystemCallException.NoSuchFile ? Interpreter.NOT_FOUND : Interpreter.NOT_EXECUTABLE;
        }
        interpreter.state().variables.setName(path);
        interpreter.state().variables.setPositional(arguments.subList(1, arguments.size()));
        return interpreter.runToEnd(() -> interpreter.runText(LineSource.of(text)));
    }

    /** Commands that a person types, each answered before the next. */
    private static final class Conversation {
        private final Interpreter interpreter;
        private final Libc libc;
        private final ShellState state;
        private final LineInput lines;

        Conversation(Interpreter interpreter) {
            this.interpreter = interpreter;
            this.libc = interpreter.libc();
            this.state = interpreter.state();
            this.lines = new LineInput(libc, Libc.STDIN, interpreter.interrupts());
        }

        int run() {
            state.interactive = true;
            interpreter.launcher().takeTerminal();
            Lexer lexer = new Lexer(this::nextLine);
            Parser parser = new Parser(lexer);
            boolean more = true;
            while (more) {
                try {
                    more = executeLine(parser);
                } catch (SyntaxError e) {
                    lexer.discardLine();
                    fail(e.getMessage(), SyntaxError.STATUS);
                } catch (ShellError | SystemCallException e) {
                    fail(e.getMessage(), 1);
                } catch (ControlFlow.Interrupt _) {
                    libc.stderr().println();
                    state.status = ControlFlow.Interrupt.STATUS;
                } catch (ControlFlow _) {
                    state.status = 0; // A return or break outside of everything.
                }
                interpreter.interrupts().ignore();
            }
            libc.stderr().println();
            return state.status;
        }

        private boolean executeLine(Parser parser) {
            Command.Sequence line = parser.commandLine();
            if (line == null) {
                return false;
            }
            interpreter.interrupts().listen();
            interpreter.run(line);
            return true;
        }

        private String nextLine(boolean continued) {
            if (!continued) {
                interpreter.jobs().takeFinished().forEach(libc.stderr()::println);
            }
            String variable = continued ? "PS2" : "PS1";
            String prompt = state.variables.get(variable);
            String shown = prompt != null ? prompt : continued ? CONTINUATION_PROMPT : PROMPT;
            if (new Terminal(libc, Libc.STDIN).setPrompt(shown) < 0) {
                libc.stderr().print(shown);
            }
            return lines.readLine();
        }

        private void fail(String message, int status) {
            libc.warn(message);
            state.status = status;
        }
    }
}
