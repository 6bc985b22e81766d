// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.List;
import kernel.core.trace.Trace;
import kernel.core.trace.TraceRecord;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import kernel.uapi.Signal;
import shell.process.ProcessOutput;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;
import shell.text.FtraceText;

/** The whole machine's events while a program runs (Linux: trace-cmd). */
final class TraceTool implements Tool {
    private final Trace trace;

    TraceTool(Trace trace) {
        this.trace = trace;
    }

    @Override
    public String name() {
        return "trace";
    }

    @Override
    public String summary() {
        return "run a program and show everything that happens meanwhile";
    }

    @Override
    public String usage() {
        return """
                Usage: trace [-e EVENT[,EVENT]...] [-o FILE] PROGRAM [ARGUMENT]...
                Run a program and show the events of the whole machine meanwhile, in the shape of Linux's ftrace.

                  -e EVENTS  only those, such as irq_handler_entry,sched_switch
                  -o FILE    write to a file instead of standard output
                """;
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        String file = null;
        List<String> events = List.of();
        int i = 0;
        for (; i < arguments.size() && arguments.get(i).startsWith("-"); i += 2) {
            if (i + 1 == arguments.size()) {
                throw ToolFailure.usage(this, "option '" + arguments.get(i) + "' requires an argument");
            }
            switch (arguments.get(i)) {
                case "-e" -> events = List.of(arguments.get(i + 1).split(","));
                case "-o" -> file = arguments.get(i + 1);
                default -> throw ToolFailure.usage(this, "unrecognized option '" + arguments.get(i) + "'");
            }
        }
        if (i == arguments.size()) {
            throw ToolFailure.usage(this, "which program?");
        }
        process.ignore(Signal.SIGINT);
        try (Recording recording = new Recording(trace)) {
            int pid = process.spawn(arguments.subList(i, arguments.size()));
            if (pid < 0) {
                throw new ToolFailure(1, "trace: fork: " + Errno.text(-pid));
            }
            int status = process.waitFor(pid);
            recording.stop();
            print(process, file, events, recording);
            return ToolProcess.exitCode(status);
        }
    }

    private void print(ToolProcess process, String file, List<String> events, Recording recording) throws ToolFailure {
        ProcessOutput output = process.out();
        if (file != null) {
            int fd = process.open(file, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC, 0644);
            if (fd < 0) {
                throw new ToolFailure(1, "trace: " + file + ": " + Errno.text(-fd));
            }
            output = process.output(fd);
        }
        output.print(FtraceText.HEADER);
        for (TraceRecord event : recording.take()) {
            if (events.isEmpty() || events.contains(event.event().linuxName())) {
                output.println(FtraceText.line(event));
            }
        }
        output.flush();
        if (recording.overflowed()) {
            process.err().println("trace: too many events, the last are missing");
        }
    }
}
