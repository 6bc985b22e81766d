// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kernel.core.Kernel;
import kernel.core.trace.Trace;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;
import shell.process.ProcessOutput;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;
import shell.text.CallList;

/** strace(1), out of the events of the trace: the program is stopped only where it writes, see {@link OutputStop}. */
final class Strace implements Tool {
    private static final long POLL_NANOS_MIN = 200_000;
    /** Whoever is stopped waits that long at most. */
    private static final long POLL_NANOS_MAX = 2_000_000;

    private final Kernel kernel;
    private final Trace trace;

    Strace(Kernel kernel) {
        this.kernel = kernel;
        trace = kernel.trace();
    }

    @Override
    public String name() {
        return "strace";
    }

    @Override
    public String summary() {
        return "run a program and show its system calls";
    }

    @Override
    public String usage() {
        return """
                Usage: strace [-cfT] [-e trace=CALL[,CALL]...] [-o FILE] PROGRAM [ARGUMENT]...
                Run a program and show its system calls with what they answer.

                  -c        only count calls, errors and time
                  -e CALLS  only those, such as trace=read,write; trace=!read for all others
                  -f        the processes that it forks, too
                  -o FILE   write to a file instead of standard error
                  -T        show the time between trap and return
                """;
    }

    /** What was asked for. */
    private static final class Request {
        private boolean count;
        private boolean follow;
        private boolean time;
        private String file;
        private Predicate<String> wanted = call -> true;
        private List<String> command = List.of();
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        Request request = parse(arguments);
        ProcessOutput output = process.err();
        int fd = -1;
        if (request.file != null) {
            fd = process.open(
                    request.file,
                    OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC | OpenFlags.O_CLOEXEC,
                    0644);
            if (fd < 0) {
                throw new ToolFailure(1, "strace: Can't fopen '" + request.file + "': " + Errno.text(-fd));
            }
            output = process.output(fd);
        }
        process.ignore(Signal.SIGINT);
        int status = record(process, request, output);
        output.flush();
        return ToolProcess.exitCode(status);
    }

    private int record(ToolProcess process, Request request, ProcessOutput output) throws ToolFailure {
        int self = (int) process.call(SystemCallNumber.GETPID, 0, 0, 0, 0);
        try (Recording recording = new Recording(trace);
                OutputStop stop = new OutputStop(trace, recording, kernel.newGate("strace"), self)) {
            if (request.count || request.file != null) {
                stop.letGo();
            }
            int pid = process.spawn(request.command);
            if (pid < 0) {
                throw new ToolFailure(1, "strace: fork: " + Errno.text(-pid));
            }
            List<String> lines = new ArrayList<>();
            CallList list = new CallList(
                    pid, request.follow, request.wanted, request.time, request.count ? line -> {} : lines::add);
            Integer status = null;
            long pause = POLL_NANOS_MIN;
            while (status == null) {
                status = process.poll(pid);
                long events = recording.count();
                recording.take().forEach(list::add);
                pause = lines.isEmpty() ? Math.min(2 * pause, POLL_NANOS_MAX) : POLL_NANOS_MIN;
                if (!lines.isEmpty()) {
                    output.print(String.join("\n", lines) + "\n");
                    output.flush();
                    lines.clear();
                }
                stop.shown(events);
                if (status == null) {
                    process.sleep(pause);
                }
            }
            if (request.count) {
                output.print(list.summary());
            }
            return status;
        }
    }

    private Request parse(List<String> arguments) throws ToolFailure {
        Request request = new Request();
        int i = 0;
        for (; i < arguments.size() && arguments.get(i).startsWith("-"); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "-e" -> request.wanted = wanted(value(arguments, ++i, argument));
                case "-o" -> request.file = value(arguments, ++i, argument);
                default -> {
                    if (!argument.matches("-[cfT]+")) {
                        throw ToolFailure.usage(this, "unrecognized option '" + argument + "'");
                    }
                    request.count |= argument.indexOf('c') > 0;
                    request.follow |= argument.indexOf('f') > 0;
                    request.time |= argument.indexOf('T') > 0;
                }
            }
        }
        request.command = arguments.subList(i, arguments.size());
        if (request.command.isEmpty()) {
            throw new ToolFailure(1, "strace: must have PROG [ARGS]\nTry 'strace --help' for more information.");
        }
        return request;
    }

    private static Predicate<String> wanted(String expression) {
        String names = expression.startsWith("trace=") ? expression.substring("trace=".length()) : expression;
        boolean others = names.startsWith("!");
        Set<String> calls = Arrays.stream((others ? names.substring(1) : names).split(","))
                .flatMap(name -> name.equals("open") ? Stream.of("open", "openat") : Stream.of(name))
                .collect(Collectors.toSet());
        if (calls.contains("all")) {
            return call -> !others;
        }
        return call -> calls.contains(call) != others;
    }

    private String value(List<String> arguments, int index, String option) throws ToolFailure {
        if (index >= arguments.size()) {
            throw ToolFailure.usage(this, "option '" + option + "' requires an argument");
        }
        return arguments.get(index);
    }
}
