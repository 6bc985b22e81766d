// SPDX-License-Identifier: Apache-2.0
package shell.gogo;

import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import kernel.core.control.SessionControl;
import kernel.core.control.SessionControl.ProgramRun;
import kernel.uapi.Executable;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import shell.process.Connector;

/** The programs of the machine as commands of the framework's shell, in the scope {@code ubend}: each call is a process. */
public final class GogoCommands {
    private static final byte[] END = new byte[0];

    private final BundleContext context;
    private final SessionControl sessions;
    private final Deque<Line> idle = new ArrayDeque<>();
    private int lines;

    public GogoCommands(BundleContext context, SessionControl sessions) {
        this.context = context;
        this.sessions = sessions;
    }

    /** Registers a command for each program there is. */
    public void register() {
        try {
            for (ServiceReference<Executable> program : context.getServiceReferences(Executable.class, null)) {
                if (program.getProperty(Executable.PATH) instanceof String path) {
                    String name = path.substring(path.lastIndexOf('/') + 1);
                    if (name.matches("[a-z]+")) {
                        context.registerService(
                                Function.class,
                                (session, arguments) -> run(path, name, arguments, session),
                                FrameworkUtil.asDictionary(
                                        Map.of("osgi.command.scope", "ubend", "osgi.command.function", name)));
                    }
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs it to its end; what it prints goes through this thread, which the interpreter has connected to wherever the user said. */
    private Object run(String path, String name, List<Object> arguments, CommandSession session)
            throws InterruptedException {
        Line line = take();
        try {
            List<String> argv = new ArrayList<>(List.of(name));
            arguments.forEach(argument -> argv.add(String.valueOf(argument)));
            ProgramRun run = sessions.start(
                    new Connector(List.of(line.path, line.path, line.path), path), argv, List.of("PATH=/bin:/sbin"));
            run.onExit(() -> line.written.add(END));
            for (byte[] bytes = line.written.take(); bytes != END; bytes = line.written.take()) {
                System.out.write(bytes, 0, bytes.length);
                System.out.flush();
            }
            session.put("status", run.exitCode());
            return null;
        } finally {
            giveBack(line);
        }
    }

    private synchronized Line take() {
        Line line = idle.poll();
        return line != null ? line : new Line(lines++);
    }

    private synchronized void giveBack(Line line) {
        idle.push(line);
    }

    /** A device file that programs write to, and what they wrote. */
    private final class Line extends OutputStream {
        private final BlockingQueue<byte[]> written = new LinkedBlockingQueue<>();
        private final String path;

        Line(int number) {
            path = sessions.addStream(number, null, this);
        }

        @Override
        public void write(int b) {
            written.add(new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            byte[] copy = new byte[length];
            System.arraycopy(bytes, offset, copy, 0, length);
            written.add(copy);
        }
    }
}
