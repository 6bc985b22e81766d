// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import kernel.core.trace.Trace;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;
import kernel.uapi.Errno;
import kernel.uapi.Signal;
import shell.journey.Drawing;
import shell.journey.Journey;
import shell.journey.Style;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;

/** Draws the journeys of a program's system calls. */
final class Ubend implements Tool {
    private static final Set<String> READ_LIKE = Set.of("read", "pread64", "readv");

    private final Trace trace;

    Ubend(Trace trace) {
        this.trace = trace;
    }

    @Override
    public String name() {
        return "ubend";
    }

    @Override
    public String summary() {
        return "run a program and draw the journey of its read()";
    }

    @Override
    public String usage() {
        return """
                Usage: ubend [-a] [-e CALL] [-w COLUMNS] [--ascii] [--color] PROGRAM [ARGUMENT]...
                Run a program and draw the journey of its read(): down to the device on the left, up again on the right, and at
                the bottom the fork, where the process sleeps and the device works. Of several the last one that slept.

                  -a          all of them
                  -e CALL     of another system call, such as write, ioctl or nanosleep
                  -w COLUMNS  width of the picture; otherwise that of the terminal
                      --ascii without box-drawing characters
                      --color in colours although this is no terminal
                """;
    }

    /** What was asked for. */
    private static final class Request {
        private boolean all;
        private boolean ascii;
        private boolean colour;
        private int width;
        private Predicate<String> wanted = READ_LIKE::contains;
        private String what = "read";
        private List<String> command = List.of();
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        Request request = parse(arguments);
        process.ignore(Signal.SIGINT);
        List<TraceRecord> events;
        int pid;
        int status;
        try (Recording recording = new Recording(trace)) {
            pid = process.spawn(request.command);
            if (pid < 0) {
                throw new ToolFailure(1, "ubend: fork: " + Errno.text(-pid));
            }
            status = process.waitFor(pid);
            recording.stop();
            events = recording.take();
            if (recording.overflowed()) {
                process.err().println("ubend: too many events, the last are missing");
            }
        }
        draw(process, request, chosen(request, events, pid));
        return ToolProcess.exitCode(status);
    }

    private static List<Journey> chosen(Request request, List<TraceRecord> events, int pid) {
        List<Journey> journeys = new ArrayList<>();
        for (int process : family(events, pid)) {
            Journey.of(events, process).stream()
                    .filter(journey -> request.wanted.test(journey.call().replaceFirst("\\(.*", "")))
                    .forEach(journeys::add);
        }
        if (request.all || journeys.isEmpty()) {
            return journeys;
        }
        return List.of(journeys.stream()
                .filter(Journey::slept)
                .reduce((first, second) -> second)
                .orElse(journeys.getLast()));
    }

    /** The process and all that descend from it. */
    private static Set<Integer> family(List<TraceRecord> events, int pid) {
        Set<Integer> pids = new LinkedHashSet<>(Set.of(pid));
        for (TraceRecord event : events) {
            if (event.event() == TraceEvent.FORK && pids.contains(event.pid())) {
                pids.add((int) event.a());
            }
        }
        return pids;
    }

    private static void draw(ToolProcess process, Request request, List<Journey> journeys) {
        if (journeys.isEmpty()) {
            process.err().println("ubend: the program made no " + request.what + "()");
            return;
        }
        int width = request.width > 0 ? request.width : process.columns();
        Style style = new Style(!request.ascii && isUtf8(process), request.colour || process.isTerminal(1));
        for (Journey journey : journeys) {
            process.out().print("\n" + new Drawing(style, width).draw(journey));
        }
    }

    private static boolean isUtf8(ToolProcess process) {
        for (String name : List.of("LC_ALL", "LC_CTYPE", "LANG")) {
            String value = process.variable(name);
            if (value != null && !value.isEmpty()) {
                String lower = value.toLowerCase(Locale.ROOT);
                return lower.contains("utf-8") || lower.contains("utf8");
            }
        }
        return false;
    }

    private Request parse(List<String> arguments) throws ToolFailure {
        Request request = new Request();
        int i = 0;
        for (; i < arguments.size() && arguments.get(i).startsWith("-"); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "-a" -> request.all = true;
                case "--ascii" -> request.ascii = true;
                case "--color", "--colour" -> request.colour = true;
                case "-e" -> {
                    request.what = value(arguments, ++i, argument);
                    request.wanted = request.what::equals;
                }
                case "-w" -> {
                    String width = value(arguments, ++i, argument);
                    if (!width.matches("[1-9][0-9]{1,3}")) {
                        throw ToolFailure.usage(this, "'" + width + "' is no width");
                    }
                    request.width = Integer.parseInt(width);
                }
                default -> throw ToolFailure.usage(this, "unrecognized option '" + argument + "'");
            }
        }
        request.command = arguments.subList(i, arguments.size());
        if (request.command.isEmpty()) {
            throw ToolFailure.usage(this, "which program?");
        }
        return request;
    }

    private String value(List<String> arguments, int index, String option) throws ToolFailure {
        if (index >= arguments.size()) {
            throw ToolFailure.usage(this, "option '" + option + "' requires an argument");
        }
        return arguments.get(index);
    }
}
