// SPDX-License-Identifier: Apache-2.0
package kernel.core.console;

import hardware.machine.Machine;
import hardware.machine.interrupt.InterruptLine;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import kernel.api.context.Context;
import kernel.api.context.InterruptContext;
import kernel.api.interrupt.InterruptResult;
import kernel.api.lock.SpinLock;
import kernel.core.execution.Execution;
import kernel.core.execution.Gone;
import kernel.core.execution.WaitQueueHead;
import kernel.core.process.ProcessTable;
import kernel.uapi.Signal;

/**
 * The terminal that the kernel was booted on, line by line: the host edits lines, the kernel queues them, sends SIGINT to the foreground
 * process group, and wakes readers.
 *
 * <p>The host's side is hardware: what comes in happens on the machine's timeline and raises an interrupt, as with any device. Without a
 * port there is no console, and opening it is ENODEV.
 */
public final class Console {
    /** Where a serial port has its line on a PC. */
    private static final int FIRST_LINE = 4;

    private final Execution execution;
    private final ProcessTable processes;
    private final SpinLock lock;
    private final WaitQueueHead readers;
    /** What the hardware has received and no handler has fetched. */
    private final Queue<ConsoleInput> received = new ConcurrentLinkedQueue<>();

    private volatile ConsolePort port;
    private InterruptLine line;
    private volatile int foregroundGroup;

    // Guarded by the lock.
    /** Lines to read; an empty one is an end of input. */
    private final ArrayDeque<byte[]> lines = new ArrayDeque<>();

    /** Whether there are lines; written under the lock. */
    private volatile boolean filled;

    /** Whether the terminal has been asked for a line; written under the lock. */
    private volatile boolean requested;

    private String prompt = "";
    /** With which prompt it was asked. */
    private String shown = "";

    public Console(Execution execution, ProcessTable processes) {
        this.execution = execution;
        this.processes = processes;
        lock = execution.newSpinLock("console");
        readers = execution.newWaitQueue("n_tty_read", Gone.NEVER);
    }

    // ---- the host's side

    /** Connects a terminal; once. */
    public void connect(ConsolePort newPort) {
        if (port != null) {
            throw new IllegalStateException("the console has a terminal already");
        }
        Machine machine = execution.machine();
        line = machine.interrupts().allocate("console", InterruptLine.Trigger.EDGE, FIRST_LINE);
        execution.interrupts().request(line, "console", this::handle);
        port = newPort;
    }

    /** A line was entered; a missing line feed at its end is added. Callable from any thread. */
    public void line(byte[] bytes) {
        boolean complete = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
        byte[] whole = complete ? bytes.clone() : Arrays.copyOf(bytes, bytes.length + 1);
        whole[whole.length - 1] = '\n';
        receive(new ConsoleInput.Line(whole));
    }

    /** The end of input: one read answers 0. Callable from any thread. */
    public void endOfInput() {
        receive(new ConsoleInput.End());
    }

    /** The interrupt key: SIGINT for the foreground process group. Callable from any thread. */
    public void interrupt() {
        receive(new ConsoleInput.Interrupt());
    }

    private void receive(ConsoleInput input) {
        execution.machine().timeline().post("console input", () -> {
            received.add(input);
            line.raise();
        });
    }

    /** The interrupt handler. */
    private InterruptResult handle(InterruptContext context) {
        InterruptResult result = InterruptResult.NONE;
        for (ConsoleInput input = received.poll(); input != null; input = received.poll()) {
            result = InterruptResult.HANDLED;
            accept(context, input);
        }
        return result;
    }

    private void accept(InterruptContext context, ConsoleInput input) {
        lock.lock(context);
        requested = false;
        switch (input) {
            case ConsoleInput.Line entered -> lines.addLast(entered.bytes());
            case ConsoleInput.End _ -> lines.addLast(new byte[0]);
            case ConsoleInput.Interrupt _ -> {
                lines.clear();
                prompt = shown;
            }
        }
        filled = !lines.isEmpty();
        lock.unlock(context);
        if (input instanceof ConsoleInput.Interrupt && foregroundGroup != 0) {
            processes.signalGroup(foregroundGroup, Signal.SIGINT);
        }
        // After an interrupt, too: who ignores the signal goes on waiting, and the terminal has to be asked again.
        readers.wakeUpInterruptible(context);
    }

    // ---- the driver's side

    ConsolePort port() {
        return port;
    }

    WaitQueueHead readers() {
        return readers;
    }

    /** The process group that gets the signals of the keyboard; 0 when there is none. */
    public int foregroundGroup() {
        return foregroundGroup;
    }

    void setForegroundGroup(int group) {
        foregroundGroup = group;
    }

    /** What the terminal shows before the next line. */
    void setPrompt(Context context, String newPrompt) {
        boolean flags = lock.lockIrqSave(context);
        prompt = newPrompt;
        lock.unlockIrqRestore(context, flags);
    }

    /** Whether a read would not have to wait; if it would, the terminal is asked for a line. */
    boolean isReadable(Context context) {
        boolean flags = lock.lockIrqSave(context);
        boolean readable = !lines.isEmpty();
        boolean ask = !readable && !requested;
        if (ask) {
            requested = true;
            shown = prompt;
            prompt = "";
        }
        String asked = shown;
        lock.unlockIrqRestore(context, flags);
        if (ask) {
            port.requestLine(asked);
        }
        return readable;
    }

    /** Whether there is something to read, or somebody has to ask for it again; nothing else happens. */
    boolean needsAttention() {
        return filled || !requested;
    }

    /** Whether there is something to read; nothing else happens. */
    boolean hasInput() {
        return filled;
    }

    /** Takes at most that many bytes of the first line; none for an end of input, null when there is nothing. */
    byte[] take(Context context, int length) {
        boolean flags = lock.lockIrqSave(context);
        byte[] first = lines.pollFirst();
        if (first != null && first.length > length) {
            lines.addFirst(Arrays.copyOfRange(first, length, first.length));
            first = Arrays.copyOf(first, length);
        }
        filled = !lines.isEmpty();
        lock.unlockIrqRestore(context, flags);
        return first;
    }

    /** Puts bytes back that could not be delivered, before the rest of their line. */
    void giveBack(Context context, byte[] bytes) {
        if (bytes.length > 0) {
            boolean flags = lock.lockIrqSave(context);
            byte[] rest = bytes[bytes.length - 1] == '\n' ? null : lines.pollFirst();
            byte[] whole = Arrays.copyOf(bytes, bytes.length + (rest == null ? 0 : rest.length));
            if (rest != null) {
                System.arraycopy(rest, 0, whole, bytes.length, rest.length);
            }
            lines.addFirst(whole);
            filled = true;
            lock.unlockIrqRestore(context, flags);
        }
    }
}
