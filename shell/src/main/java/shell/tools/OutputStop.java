// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kernel.api.context.ProcessContext;
import kernel.core.trace.Gate;
import kernel.core.trace.Trace;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceListener;
import kernel.core.trace.TraceRecord;
import kernel.uapi.SystemCallNumber;

/**
 * Holds a traced process wherever it is about to write, until what precedes has been shown: on one terminal the lines of the tracer and the output of
 * the program then stand in the order in which things happened. Only the tool's own descendants are held, so that nobody waits for the tool whom the
 * tool waits for. Told on the threads of the processes, asked by the tool.
 */
final class OutputStop implements TraceListener, AutoCloseable {
    private static final Set<Integer> WRITING =
            Set.of(SystemCallNumber.WRITE, SystemCallNumber.PWRITE64, SystemCallNumber.WRITEV);

    private final Trace trace;
    private final Recording recording;
    private final Gate gate;
    private final int tracer;
    private final Set<Integer> held = ConcurrentHashMap.newKeySet();
    private volatile long shown;
    private volatile boolean over;

    /**
     * Begins with the next child of the tool.
     *
     * @param tracer the tool's process id
     */
    OutputStop(Trace trace, Recording recording, Gate gate, int tracer) {
        this.trace = trace;
        this.recording = recording;
        this.gate = gate;
        this.tracer = tracer;
        trace.listen(this);
    }

    @Override
    public void event(TraceRecord event) {
        if (event.event() == TraceEvent.FORK && (event.pid() == tracer || held.contains(event.pid()))) {
            held.add((int) event.a());
        }
    }

    @Override
    public void entered(ProcessContext process, int systemCall) {
        if (WRITING.contains(systemCall) && held.contains(process.currentPid())) {
            long before = recording.count();
            gate.await(process, () -> over || shown >= before);
        }
    }

    /** That many events of the recording have been shown. */
    void shown(long events) {
        shown = events;
        gate.changed();
    }

    /** From now on nobody is held. */
    void letGo() {
        over = true;
        gate.changed();
    }

    @Override
    public void close() {
        trace.unlisten(this);
        letGo();
    }
}
