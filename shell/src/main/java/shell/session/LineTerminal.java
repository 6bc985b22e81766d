// SPDX-License-Identifier: Apache-2.0
package shell.session;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import kernel.core.Kernel;
import kernel.core.console.ConsolePort;
import kernel.core.control.SessionControl;
import kernel.core.log.LogEntry;

/**
 * A terminal whose lines are edited by the host's own driver, for {@code -c} at a terminal: nothing needs to be loaded for it. Where time
 * is virtual, it stands still while somebody types.
 */
final class LineTerminal implements Terminal, ConsolePort {
    private final Kernel kernel;
    private final InputStream in;
    private final OutputStream out;
    private final Host host;
    private final List<String> files;
    private volatile boolean asked;

    private LineTerminal(Kernel kernel, Host host, InputStream in, OutputStream out, List<String> files) {
        this.kernel = kernel;
        this.host = host;
        this.in = in;
        this.out = out;
        this.files = files;
    }

    static LineTerminal connect(
            Kernel kernel, SessionControl sessions, Host host, InputStream in, OutputStream out, OutputStream err) {
        String errors = host.errorIsTerminal() ? "" : sessions.addStream(1, null, err);
        LineTerminal terminal = new LineTerminal(kernel, host, in, out, List.of("", "", errors));
        kernel.console().connect(terminal);
        return terminal;
    }

    @Override
    public List<String> files() {
        return files;
    }

    @Override
    public void log(LogEntry entry) {
        write((entry.line() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void interrupt() {
        kernel.console().interrupt();
    }

    @Override
    public void write(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException _) {
            // Nobody looks any more.
        }
    }

    @Override
    public void requestLine(String prompt) {
        write(prompt.getBytes(StandardCharsets.UTF_8));
        asked = true;
        if (!kernel.config().isDeterministic()) {
            Thread.ofPlatform().daemon().name("ubend-terminal").start(this::answer);
        }
    }

    @Override
    public boolean isAsked() {
        return asked;
    }

    @Override
    public boolean answer() {
        if (!asked) {
            return false;
        }
        asked = false;
        byte[] line = readLine();
        if (line == null) {
            kernel.console().endOfInput();
        } else {
            kernel.console().line(line);
        }
        return true;
    }

    private byte[] readLine() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            int b = in.read();
            while (b >= 0 && b != '\n') {
                line.write(b);
                b = in.read();
            }
            return b < 0 && line.size() == 0 ? null : line.toByteArray();
        } catch (IOException _) {
            return null;
        }
    }

    @Override
    public int columns() {
        return host.columns();
    }

    @Override
    public int rows() {
        return host.rows();
    }
}
