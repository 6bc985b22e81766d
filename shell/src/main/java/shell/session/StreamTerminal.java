// SPDX-License-Identifier: Apache-2.0
package shell.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import kernel.core.control.SessionControl;
import kernel.core.control.SessionControl.ProgramRun;
import kernel.core.log.LogEntry;

/** No terminal: standard input and output of the host are one device file, standard error is another. */
final class StreamTerminal implements Terminal {
    private final OutputStream err;
    private final List<String> files;
    private volatile Runnable onInterrupt = () -> {};

    StreamTerminal(SessionControl sessions, InputStream in, OutputStream out, OutputStream err) {
        this.err = err;
        String streams = sessions.addStream(0, in, out);
        files = List.of(streams, streams, sessions.addStream(1, null, err));
    }

    @Override
    public void started(ProgramRun program) {
        onInterrupt = program::interrupt;
    }

    @Override
    public List<String> files() {
        return files;
    }

    @Override
    public void log(LogEntry entry) {
        try {
            err.write((entry.line() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // Nobody looks any more.
        }
    }

    @Override
    public void interrupt() {
        onInterrupt.run();
    }
}
