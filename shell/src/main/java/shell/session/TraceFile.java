// SPDX-License-Identifier: Apache-2.0
package shell.session;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import kernel.core.trace.Trace;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceListener;
import kernel.core.trace.TraceRecord;
import shell.text.FtraceText;

/** Writes the trace to a file of the host, on a thread of its own. */
final class TraceFile implements TraceListener, AutoCloseable {
    private static final TraceRecord END = new TraceRecord(0, 0, 0, "", "", TraceEvent.LOG, 0, 0, "");

    private final BlockingQueue<TraceRecord> events = new LinkedBlockingQueue<>();
    private final Thread writer;
    private Trace trace;
    private volatile IOException failure;

    /** @throws IOException the file cannot be written */
    TraceFile(Path file) throws IOException {
        BufferedWriter out = Files.newBufferedWriter(file);
        writer = Thread.ofPlatform().daemon().name("ubend-trace").start(() -> write(out));
    }

    /** From now on this trace; after a reboot another one. */
    void follow(Trace newTrace) {
        if (trace != null) {
            trace.unlisten(this);
        }
        trace = newTrace;
        trace.listen(this);
    }

    @Override
    public void event(TraceRecord event) {
        if (failure == null) {
            events.add(event);
        }
    }

    private void write(BufferedWriter file) {
        try (BufferedWriter out = file) {
            out.write(FtraceText.HEADER);
            for (TraceRecord event = events.take(); event != END; event = events.take()) {
                out.write(FtraceText.line(event));
                out.write('\n');
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until everything is in the file.
     *
     * @throws IOException something is missing in it
     */
    @Override
    public void close() throws IOException {
        if (trace != null) {
            trace.unlisten(this);
        }
        events.add(END);
        try {
            writer.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
    }
}
