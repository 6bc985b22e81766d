// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.List;
import java.util.Locale;
import kernel.core.log.Log;
import kernel.core.log.LogEntry;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;

/** dmesg(1). */
final class Dmesg implements Tool {
    private static final long FOLLOW_POLL_NANOS = 50_000_000;
    private static final List<String> LEVELS =
            List.of("emerg", "alert", "crit", "err", "warn", "notice", "info", "debug");

    private final Log log;

    Dmesg(Log log) {
        this.log = log;
    }

    @Override
    public String name() {
        return "dmesg";
    }

    @Override
    public String summary() {
        return "show the kernel's log";
    }

    @Override
    public String usage() {
        return """
                Usage: dmesg [-cCHtwx] [-l LEVEL[,LEVEL]...] [-n LEVEL]
                Show the kernel's log.

                  -c         show it and clear it
                  -C         clear it
                  -H         time since the line before, in colour on a terminal
                  -l LEVELS  only those: emerg, alert, crit, err, warn, notice, info, debug
                  -n LEVEL   what goes to the console: messages below that number, or of that name and worse
                  -t         no time
                  -w         wait for more
                  -x         show facility and level
                """;
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        StringBuilder flags = new StringBuilder();
        List<String> levels = LEVELS;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "-l", "--level" -> levels = levels(value(arguments, ++i, argument));
                case "-n", "--console-level" -> {
                    log.setConsoleLevel(consoleLevel(value(arguments, ++i, argument)));
                    return 0;
                }
                case "--clear" -> flags.append('C');
                case "--read-clear" -> flags.append('c');
                case "--follow" -> flags.append('w');
                case "--human" -> flags.append('H');
                case "--decode" -> flags.append('x');
                case "--notime" -> flags.append('t');
                default -> {
                    if (!argument.matches("-[cCHtwx]+")) {
                        throw ToolFailure.usage(this, "unrecognized option '" + argument + "'");
                    }
                    flags.append(argument, 1, argument.length());
                }
            }
        }
        show(process, flags.toString(), levels);
        return 0;
    }

    private void show(ToolProcess process, String flags, List<String> levels) {
        boolean colour = flags.contains("H") && process.isTerminal(1);
        if (!flags.contains("C")) {
            long next = 0;
            long before = 0;
            List<LogEntry> entries = log.visibleEntries();
            do {
                for (LogEntry entry : entries) {
                    if (levels.contains(LEVELS.get(entry.level()))) {
                        process.out().println(line(entry, flags, before, colour));
                    }
                    before = entry.nanos();
                    next = entry.sequence() + 1;
                }
                process.out().flush();
                entries = List.of();
                while (flags.contains("w") && entries.isEmpty() && process.sleep(FOLLOW_POLL_NANOS)) {
                    entries = log.entriesFrom(next);
                }
            } while (!entries.isEmpty());
        }
        if (flags.contains("c") || flags.contains("C")) {
            log.clear();
        }
    }

    private static String line(LogEntry entry, String flags, long beforeNanos, boolean colour) {
        String prefix =
                flags.contains("x") ? String.format(Locale.ROOT, "kern  :%-6s: ", LEVELS.get(entry.level())) : "";
        if (flags.contains("t")) {
            return prefix + entry.text();
        }
        if (!flags.contains("H")) {
            return prefix + entry.line();
        }
        String time = String.format(Locale.ROOT, "[%+.6f] ", (entry.nanos() - beforeNanos) / 1e9);
        String text = colour && entry.level() <= 3 ? "\u001b[31m" + entry.text() + "\u001b[0m" : entry.text();
        return prefix + (colour ? "\u001b[32m" + time + "\u001b[0m" : time) + text;
    }

    private List<String> levels(String text) throws ToolFailure {
        List<String> levels = List.of(text.split(","));
        for (String level : levels) {
            if (!LEVELS.contains(level)) {
                throw ToolFailure.usage(this, "unknown level '" + level + "'");
            }
        }
        return levels;
    }

    private int consoleLevel(String text) throws ToolFailure {
        if (LEVELS.contains(text)) {
            return LEVELS.indexOf(text) + 1;
        }
        if (!text.matches("[0-8]")) {
            throw ToolFailure.usage(this, "unknown level '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private String value(List<String> arguments, int index, String option) throws ToolFailure {
        if (index >= arguments.size()) {
            throw ToolFailure.usage(this, "option '" + option + "' requires an argument");
        }
        return arguments.get(index);
    }
}
