// SPDX-License-Identifier: Apache-2.0
package shell.session;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import kernel.core.Kernel;
import kernel.core.control.BundleControl;
import kernel.core.control.HardwareControl;
import kernel.core.control.PowerControl;
import kernel.core.control.SessionControl;
import kernel.core.control.SessionControl.ProgramRun;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import shell.gogo.GogoRuntime;
import shell.process.Connector;

/** One session, perhaps over several kernels: each reboot makes a new one. */
final class Session {
    /** The exit status of a session whose kernel panicked: that of a program that aborts. */
    private static final int PANIC_STATUS = 134;

    /** What the shells of Unix answer when they were called wrongly. */
    private static final int USAGE_STATUS = 2;

    private static final String SHELL = "/bin/sh";
    private static final String RESTART = "reboot: Restarting system";

    private final BundleContext context;
    private final PowerControl power;
    private final Host host;
    private final InputStream in = new FileInputStream(FileDescriptor.in);
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final OutputStream err = new FileOutputStream(FileDescriptor.err);
    private TraceFile traceFile;
    private boolean traceIsIncomplete;

    Session(BundleContext context, PowerControl power, Host host) {
        this.context = context;
        this.power = power;
        this.host = host;
    }

    /**
     * How a session on one kernel ended.
     *
     * @param status of the session, unless there is another kernel
     * @param again whether there is
     */
    private record Ending(int status, boolean again) {}

    int run() throws BundleException {
        List<String> obstacles = prepare();
        if (!obstacles.isEmpty()) {
            obstacles.forEach(obstacle -> System.err.println("ubend: " + obstacle));
            return USAGE_STATUS;
        }
        if (host.isInteractive()) {
            new GogoRuntime(context).start(name -> name.startsWith("jline"));
        }
        if (host.gosh()) {
            return new GoshSession(context, power.kernel(), sessionControl()).run();
        }
        int status;
        try {
            status = runKernels();
        } finally {
            if (traceFile != null) {
                closeTraceFile();
            }
        }
        return status == 0 && traceIsIncomplete ? 1 : status;
    }

    private int runKernels() {
        Kernel kernel = power.kernel();
        for (; ; ) {
            Ending ending = runOn(kernel);
            if (!ending.again) {
                return ending.status;
            }
            kernel = power.reboot();
        }
    }

    /** Does what the user asked for beforehand; says why it does not work. */
    private List<String> prepare() {
        try {
            host.bundles().forEach(file -> service(BundleControl.class).add(file));
            if (host.traceFile() != null && !host.gosh()) {
                traceFile = new TraceFile(Path.of(host.traceFile()));
            }
        } catch (IllegalArgumentException e) {
            return List.of(e.getMessage());
        } catch (IOException e) {
            return List.of("cannot write " + host.traceFile() + ": " + HostFiles.reason(e));
        }
        return service(HardwareControl.class).missing();
    }

    private void closeTraceFile() {
        try {
            traceFile.close();
        } catch (IOException e) {
            traceIsIncomplete = true;
            System.err.println("ubend: the trace in " + host.traceFile() + " is not complete: " + HostFiles.reason(e));
        }
    }

    private Ending runOn(Kernel kernel) {
        if (host.hash()) {
            kernel.trace().enableHash();
        }
        if (traceFile != null) {
            traceFile.follow(kernel.trace());
        }
        SessionControl sessions = sessionControl();
        Terminal terminal = connect(kernel, sessions);
        if (!host.isInteractive()) {
            InterruptKey.handle(terminal::interrupt);
        }
        kernel.log().listen(terminal::log);
        ProgramRun shell = sessions.start(new Connector(terminal.files(), SHELL), argv(), environment());
        terminal.started(shell);
        String halted = await(kernel, terminal, shell);
        Ending ending = halted == null ? new Ending(shell.exitCode(), false) : afterHalt(kernel, terminal, halted);
        terminal.close();
        if (host.hash()) {
            System.err.printf(
                    Locale.ROOT,
                    "trace: %d events, hash %016x%n",
                    kernel.trace().count(),
                    kernel.trace().hash());
        }
        return ending;
    }

    /** Why the kernel halted; null when the shell has ended before. */
    private static String await(Kernel kernel, Terminal terminal, ProgramRun shell) {
        CompletableFuture<Optional<String>> end = new CompletableFuture<>();
        shell.onExit(() -> end.complete(Optional.empty()));
        kernel.onHalt(reason -> end.complete(Optional.of(reason)));
        if (kernel.config().isDeterministic()) {
            while (!end.isDone()) {
                kernel.run(() -> end.isDone() || terminal.isAsked());
                if (!end.isDone() && !terminal.answer()) {
                    kernel.halt("nothing can move any more");
                }
            }
        }
        return end.join().orElse(null);
    }

    /** A machine that was told to restart does so where somebody waits for it; of one that panicked that person is asked. */
    private Ending afterHalt(Kernel kernel, Terminal terminal, String reason) {
        if (kernel.panicMessage() == null) {
            return new Ending(
                    reason.startsWith("reboot: ") ? 0 : PANIC_STATUS, host.isInteractive() && reason.equals(RESTART));
        }
        for (; ; ) {
            String answer = terminal.ask("The kernel has halted. [r]eboot, [d]mesg or [p]oweroff? ");
            switch (answer == null || answer.isBlank() ? "p" : answer.strip().substring(0, 1)) {
                case "r" -> {
                    return new Ending(0, true);
                }
                case "d" -> kernel.log().entries().forEach(terminal::log);
                case "p" -> {
                    return new Ending(PANIC_STATUS, false);
                }
                default -> {
                    // Asked again.
                }
            }
        }
    }

    private SessionControl sessionControl() {
        return service(SessionControl.class);
    }

    private <T> T service(Class<T> type) {
        return context.getService(context.getServiceReference(type));
    }

    private Terminal connect(Kernel kernel, SessionControl sessions) {
        if (host.isInteractive()) {
            return EditingTerminal.connect(kernel, sessions, context);
        }
        return host.hasTerminal()
                ? LineTerminal.connect(kernel, sessions, host, in, out, err)
                : new StreamTerminal(sessions, in, out, err);
    }

    // ---- what the first program gets

    private List<String> argv() {
        List<String> argv = new ArrayList<>(List.of("sh"));
        argv.addAll(host.shellArguments());
        return argv;
    }

    private static List<String> environment() {
        List<String> environment =
                new ArrayList<>(List.of("PATH=/bin:/sbin", "HOME=/root", "USER=root", "SHELL=/bin/sh"));
        for (String name : List.of("TERM", "LANG", "LC_ALL", "LC_CTYPE", "NO_COLOR")) {
            String value = System.getenv(name);
            if (value != null) {
                environment.add(name + "=" + value);
            }
        }
        return environment;
    }
}
