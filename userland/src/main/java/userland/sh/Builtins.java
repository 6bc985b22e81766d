// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import userland.libc.Libc;
import userland.libc.SystemCallException;

/** Commands that change the shell itself and therefore cannot be programs. */
final class Builtins {
    private static final int USAGE = 2;

    /** A built-in command and what {@code help} says of it. */
    record Builtin(String summary, Body body) {
        int run(Interpreter shell, List<String> arguments) {
            return body.run(shell, arguments);
        }
    }

    /** What it does; answers the status. */
    @FunctionalInterface
    interface Body {
        int run(Interpreter shell, List<String> arguments);
    }

    private static final Map<String, Builtin> ALL = Map.ofEntries(
            Map.entry(":", new Builtin("do nothing", (_, _) -> 0)),
            Map.entry(".", new Builtin("FILE: execute the commands of a file in this shell", Builtins::source)),
            Map.entry("bg", new Builtin("[JOB]: go on in the background", JobBuiltins::bg)),
            Map.entry("break", new Builtin("[N]: leave a loop", (shell, arguments) -> loop(shell, arguments, false))),
            Map.entry("cd", new Builtin("[DIRECTORY]: change the current directory", Builtins::cd)),
            Map.entry(
                    "continue",
                    new Builtin("[N]: next round of a loop", (shell, arguments) -> loop(shell, arguments, true))),
            Map.entry("eval", new Builtin("WORD...: execute the words as commands", Builtins::eval)),
            Map.entry("exec", new Builtin("[COMMAND]: become a program, or keep redirections", (_, _) -> 0)),
            Map.entry("exit", new Builtin("[STATUS]: leave the shell", Builtins::exit)),
            Map.entry("export", new Builtin("[NAME[=VALUE]]...: give variables to programs", Builtins::export)),
            Map.entry("fg", new Builtin("[JOB]: bring a job to the foreground", JobBuiltins::fg)),
            Map.entry("help", new Builtin("list what there is", Builtins::help)),
            Map.entry("jobs", new Builtin("list the jobs in the background", JobBuiltins::jobs)),
            Map.entry("kill", new Builtin("[-SIGNAL] PID|%JOB...: send a signal", JobBuiltins::kill)),
            Map.entry("read", new Builtin("[-r] [-p PROMPT] NAME...: read a line into variables", ReadBuiltin::run)),
            Map.entry("return", new Builtin("[STATUS]: leave a function", Builtins::leaveFunction)),
            Map.entry(
                    "set",
                    new Builtin("[-eux] [+eux] [--] [WORD]...: options and positional parameters", Builtins::set)),
            Map.entry("shift", new Builtin("[N]: drop the first positional parameters", Builtins::shift)),
            Map.entry("source", new Builtin("FILE: the same as .", Builtins::source)),
            Map.entry("type", new Builtin("NAME...: say what a command is", Builtins::type)),
            Map.entry("unset", new Builtin("[-f] NAME...: forget variables or functions", Builtins::unset)),
            Map.entry("wait", new Builtin("[PID|%JOB]...: wait until jobs have ended", JobBuiltins::await)),
            Map.entry("which", new Builtin("NAME...: print the paths of programs", Builtins::which)));

    private static final String KEYWORDS = "! { } case do done elif else esac fi for if in then time until while";

    private Builtins() {}

    /** The command of that name; null when there is none. */
    static Builtin find(String name) {
        return ALL.get(name);
    }

    private static int loop(Interpreter shell, List<String> arguments, boolean again) {
        int levels = arguments.isEmpty() ? 1 : number(arguments.getFirst());
        if (levels < 1) {
            return usage(
                    shell, (again ? "continue: " : "break: ") + arguments.getFirst() + ": loop count out of range");
        }
        if (shell.loops() == 0) {
            return 0;
        }
        throw new ControlFlow.Loop(again, Math.min(levels, shell.loops()));
    }

    private static int cd(Interpreter shell, List<String> arguments) {
        Variables variables = shell.state().variables;
        String target = arguments.isEmpty() ? variables.get("HOME") : arguments.getFirst();
        boolean back = "-".equals(target);
        if (back) {
            target = variables.get("OLDPWD");
            if (target == null) {
                return usage(shell, "cd: OLDPWD not set");
            }
        }
        String old = variables.get("PWD");
        try {
            shell.libc().chdir(target == null || target.isEmpty() ? "/" : target);
            variables.set("OLDPWD", old == null ? "/" : old);
            variables.set("PWD", shell.libc().getcwd());
        } catch (SystemCallException e) {
            shell.libc().warn("cd: " + target + ": " + e.text());
            return 1;
        }
        if (back) {
            shell.libc().stdout().println(variables.get("PWD"));
        }
        return 0;
    }

    private static int eval(Interpreter shell, List<String> arguments) {
        return shell.runText(LineSource.of(String.join(" ", arguments)));
    }

    private static int source(Interpreter shell, List<String> arguments) {
        if (arguments.isEmpty()) {
            return usage(shell, ".: filename argument required");
        }
        String name = arguments.getFirst();
        String path = shell.search().find(name);
        String text;
        try {
            text = ScriptFile.read(shell.libc(), path == null ? name : path);
        } catch (SystemCallException e) {
            shell.libc().warn(name + ": " + e.text());
            return 1;
        }
        List<String> positional = shell.state().variables.positional();
        if (arguments.size() > 1) {
            shell.state().variables.setPositional(arguments.subList(1, arguments.size()));
        }
        try {
            return shell.runText(LineSource.of(text));
        } catch (ControlFlow.Return e) {
            return e.status;
        } finally {
            shell.state().variables.setPositional(positional);
        }
    }

    private static int exit(Interpreter shell, List<String> arguments) {
        int status = arguments.isEmpty() ? shell.state().status : number(arguments.getFirst());
        if (status < 0) {
            shell.libc().warn("exit: " + arguments.getFirst() + ": numeric argument required");
            status = USAGE;
        }
        shell.libc().exit(status);
        return status;
    }

    private static int export(Interpreter shell, List<String> arguments) {
        Variables variables = shell.state().variables;
        if (arguments.isEmpty() || arguments.getFirst().equals("-p")) {
            variables
                    .environment()
                    .forEach((name, value) -> shell.libc().stdout().println("export " + name + "=" + quote(value)));
        }
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (name.equals("-p")) {
                continue;
            }
            if (!WordReader.isName(name)) {
                return usage(shell, "export: '" + argument + "': not a valid identifier");
            }
            if (equals >= 0) {
                variables.set(name, argument.substring(equals + 1));
            }
            variables.export(name);
        }
        return 0;
    }

    private static int unset(Interpreter shell, List<String> arguments) {
        boolean functions = !arguments.isEmpty() && arguments.getFirst().equals("-f");
        for (String argument : arguments) {
            if (functions) {
                shell.state().functions.remove(argument);
            } else {
                shell.state().variables.unset(argument);
            }
        }
        return 0;
    }

    private static int leaveFunction(Interpreter shell, List<String> arguments) {
        int status = arguments.isEmpty() ? shell.state().status : number(arguments.getFirst());
        if (status < 0) {
            return usage(shell, "return: " + arguments.getFirst() + ": numeric argument required");
        }
        throw new ControlFlow.Return(status & 0xff);
    }

    private static int set(Interpreter shell, List<String> arguments) {
        ShellState state = shell.state();
        if (arguments.isEmpty()) {
            state.variables.all().forEach((name, value) -> shell.libc().stdout().println(name + "=" + quote(value)));
        }
        int i = 0;
        while (i < arguments.size()) {
            String argument = arguments.get(i);
            boolean option = argument.length() > 1 && (argument.startsWith("-") || argument.startsWith("+"));
            if (!option || argument.equals("--")) {
                int first = option ? i + 1 : i;
                state.variables.setPositional(arguments.subList(first, arguments.size()));
                return 0;
            }
            if (!state.setOptions(argument)) {
                return usage(shell, "set: " + argument + ": invalid option");
            }
            i++;
        }
        return 0;
    }

    private static int shift(Interpreter shell, List<String> arguments) {
        List<String> positional = shell.state().variables.positional();
        int count = arguments.isEmpty() ? 1 : number(arguments.getFirst());
        if (count < 0 || count > positional.size()) {
            return count < 0 ? usage(shell, "shift: " + arguments.getFirst() + ": shift count out of range") : 1;
        }
        shell.state().variables.setPositional(positional.subList(count, positional.size()));
        return 0;
    }

    private static int type(Interpreter shell, List<String> arguments) {
        int status = 0;
        for (String name : arguments) {
            String path = shell.search().find(name);
            String what;
            if (List.of(KEYWORDS.split(" ", -1)).contains(name)) {
                what = " is a shell keyword";
            } else if (shell.state().functions.containsKey(name)) {
                what = " is a function";
            } else if (find(name) != null) {
                what = " is a shell builtin";
            } else if (path != null && shell.search().exists(path)) {
                what = " is " + path;
            } else {
                shell.libc().warn("type: " + name + ": not found");
                status = 1;
                continue;
            }
            shell.libc().stdout().println(name + what);
        }
        return status;
    }

    private static int which(Interpreter shell, List<String> arguments) {
        int status = 0;
        for (String name : arguments) {
            String path = shell.search().find(name);
            if (path == null || !shell.search().exists(path)) {
                status = 1;
            } else {
                shell.libc().stdout().println(path);
            }
        }
        return status;
    }

    private static int help(Interpreter shell, List<String> arguments) {
        Libc libc = shell.libc();
        SortedMap<String, Builtin> builtins = new TreeMap<>(ALL);
        if (!arguments.isEmpty()) {
            builtins.keySet().retainAll(arguments);
        }
        libc.stdout().println("Built into the shell:");
        builtins.forEach((name, builtin) -> print(libc, name, builtin.summary));
        List<String> programs = new ArrayList<>(shell.search().programs());
        if (!arguments.isEmpty()) {
            programs.retainAll(arguments);
        } else {
            libc.stdout().println("Words of the language: " + KEYWORDS);
        }
        libc.stdout().println("Programs (NAME --help says more):");
        programs.forEach(name -> print(libc, name, shell.state().summaries.getOrDefault(name, "")));
        return 0;
    }

    private static void print(Libc libc, String name, String summary) {
        String padding = " ".repeat(Math.max(1, 10 - name.length()));
        libc.stdout().println(("  " + name + padding + summary).stripTrailing());
    }

    /** Says what was wrong with the call. */
    static int usage(Interpreter shell, String message) {
        shell.libc().warn(message);
        return USAGE;
    }

    /** A number that is not negative; -1 for anything else. */
    static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() < 10 && text.chars().allMatch(Character::isDigit);
        return digits ? Integer.parseInt(text) : -1;
    }

    /** The text as one would have to write it. */
    static String quoteIfNeeded(String text) {
        boolean plain = !text.isEmpty()
                && text.chars().allMatch(c -> Character.isLetterOrDigit(c) || "_./:=+,@%^-[]".indexOf(c) >= 0);
        return plain ? text : quote(text);
    }

    private static String quote(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }
}
