// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.control.Fault;
import hardware.ssd.control.FaultKind;
import hardware.ssd.nand.ImageFailure;
import hardware.ssd.registers.AsyncEvent;
import hardware.ssd.registers.CompletionEntry;
import hardware.ssd.registers.Status;
import hardware.ssd.registers.SubmissionEntry;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The firmware's round: it fetches commands, begins them when it is their time, and posts completions. One round does all that there is to do now, in one
 * event of the timeline. Guarded by the firmware's lock.
 *
 * <p>A command is planned (the time of flash and link is reserved), executed at that time in one go, and completed when what it did is done. Without latency
 * all three happen in the round that fetches it.
 */
final class Firmware {
    /** How many entries are fetched by one access to memory. */
    private static final int FETCH = 32;
    /** How many commands a round begins before it gives way to other events. */
    private static final int ROUND = 512;
    /** How many commands of a queue are under way at once. */
    private static final int MOST_UNDER_WAY = 1024;

    private final Controller controller;
    private final AdminCommands admin;
    private final IoCommands io;
    private final boolean writeProtected;
    private final PendingCommands pending = new PendingCommands();
    private final ArrayDeque<Command> pool = new ArrayDeque<>();
    private final byte[] fetched = new byte[FETCH * SubmissionEntry.BYTES];
    private long nextOrder;
    private long coreFree;
    private long linkFree;
    private long lastRound;
    private boolean fatal;

    Firmware(Controller controller, boolean writeProtected) {
        this.controller = controller;
        this.writeProtected = writeProtected;
        admin = new AdminCommands(controller, this);
        io = new IoCommands(controller, this);
    }

    LogPages logs() {
        return admin.logs();
    }

    boolean isWriteProtected() {
        return writeProtected;
    }

    /** Whether it has given up; only a reset helps. */
    boolean isFatal() {
        return fatal;
    }

    void setFatal() {
        fatal = true;
    }

    /** Forgets all commands and queues. */
    void reset() {
        pending.clear();
        controller.doorbells.closeAll();
        Arrays.fill(controller.submissions, null);
        Arrays.fill(controller.completions, null);
        controller.events.reset();
        controller.features.reset();
        controller.vectors.reset();
        coreFree = 0;
        linkFree = 0;
        fatal = false;
    }

    /** Opens the admin queues. */
    void open(long submissionAddress, int submissionSize, long completionAddress, int completionSize) {
        CompletionQueue completions =
                new CompletionQueue(0, completionAddress, completionSize, 0, true, controller.doorbells);
        completions.users = 1;
        controller.completions[0] = completions;
        controller.submissions[0] = new SubmissionQueue(0, completions, submissionAddress, submissionSize);
        controller.doorbells.openCompletion(0, completionSize);
        controller.doorbells.openSubmission(0, submissionSize);
    }

    /**
     * Does what there is to do now.
     *
     * @return whether there is more to do at once
     */
    boolean round() {
        countTime();
        completeDue();
        int budget = ROUND;
        for (boolean progress = true; progress && budget > 0 && !fatal; ) {
            progress = false;
            for (int id = 0; id < controller.submissions.length && !fatal; id++) {
                SubmissionQueue queue = controller.submissions[id];
                if (queue != null) {
                    int begun = fetch(queue, Math.min(budget, controller.features.burst()));
                    budget -= begun;
                    progress |= begun > 0;
                }
            }
        }
        postWaiting();
        deliverEvents();
        return budget <= 0 && !fatal;
    }

    private void countTime() {
        long passed = controller.clock.now() - lastRound;
        lastRound = controller.clock.now();
        controller.state.powerOnNanos += passed;
        controller.state.busyNanos += pending.size() > 0 ? passed : 0;
    }

    /** When the next command that waits for a time is due, or {@link Long#MAX_VALUE}. */
    long nextAt() {
        return fatal ? Long.MAX_VALUE : pending.nextAt();
    }

    private void completeDue() {
        long now = controller.clock.now();
        for (Command due = pending.take(now); due != null && !fatal; due = pending.take(now)) {
            due.queue.remove(due);
            if (due.phase == Command.Phase.PLANNED) {
                execute(due);
            } else {
                finish(due);
            }
        }
    }

    /** Fetches up to that many commands of a queue and begins them; answers how many. */
    private int fetch(SubmissionQueue queue, int most) {
        int begun = 0;
        int tail = controller.doorbells.submissionTail(queue.id);
        while (!fatal && queue.head != tail && begun < most && mayFetch(queue)) {
            int contiguous = (tail > queue.head ? tail : queue.size) - queue.head;
            int count = Math.min(Math.min(contiguous, most - begun), FETCH);
            controller.power.step();
            if (!controller.dma.read(queue.addressOf(queue.head), fetched, 0, count * SubmissionEntry.BYTES)) {
                fatal = true;
                return begun;
            }
            for (int i = 0; i < count && !fatal; i++) {
                if (!mayFetch(queue)) {
                    return begun;
                }
                Command command = pool.isEmpty() ? new Command() : pool.pop();
                command.decode(queue, fetched, i * SubmissionEntry.BYTES);
                queue.advance();
                begun++;
                begin(command);
            }
        }
        return begun;
    }

    private boolean mayFetch(SubmissionQueue queue) {
        return queue.underWayCount < MOST_UNDER_WAY
                && queue.completions.waiting.isEmpty()
                && !queue.completions.isFull();
    }

    private void begin(Command command) {
        int queue = command.queue.id;
        command.order = nextOrder++;
        if (controller.faults.strikes(FaultKind.CONTROLLER_FATAL, queue) != null) {
            fatal = true;
            return;
        }
        if (command.queue.isTaken(command.id)) {
            command.status = Status.COMMAND_ID_CONFLICT;
            finish(command);
            return;
        }
        if (controller.faults.strikes(FaultKind.STUCK, queue) != null) {
            command.phase = Command.Phase.STUCK;
            command.queue.add(command);
            return;
        }
        coreFree = Math.max(controller.clock.now(), coreFree) + controller.timing.commandNanos();
        long at = command.isAdmin() ? coreFree : io.plan(command, coreFree);
        Fault slow = controller.faults.strikes(FaultKind.SLOW, queue);
        if (slow != null) {
            at += slow.delayNanos();
        }
        if (at <= controller.clock.now()) {
            execute(command);
        } else {
            await(command, Command.Phase.PLANNED, at);
        }
    }

    private void await(Command command, Command.Phase phase, long at) {
        command.phase = phase;
        command.at = at;
        command.queue.add(command);
        pending.add(command);
    }

    private void execute(Command command) {
        command.at = controller.clock.now();
        int status;
        try {
            if (command.flags != 0) {
                status = Status.INVALID_FIELD;
            } else {
                status = command.isAdmin() ? admin.execute(command) : io.execute(command);
            }
        } catch (ImageFailure e) {
            status = Status.INTERNAL_ERROR;
        }
        if (status == AdminCommands.HELD) {
            command.queue.add(command);
            return;
        }
        command.status = status;
        if (command.at <= controller.clock.now()) {
            finish(command);
        } else {
            await(command, Command.Phase.DONE, command.at);
        }
    }

    private void finish(Command command) {
        if (command.forces && command.status == Status.SUCCESS) {
            try {
                controller.storage.force();
            } catch (ImageFailure e) {
                command.status = Status.INTERNAL_ERROR;
            }
        }
        if (command.status != Status.SUCCESS && command.status != Status.ABORT_REQUESTED) {
            controller.errors.add(command);
            controller.state.errorLogEntries++;
        }
        post(command);
    }

    private void post(Command command) {
        CompletionQueue queue = command.queue.completions;
        if (queue.waiting.isEmpty() && !queue.isFull()) {
            writeEntry(queue, command);
        } else {
            queue.waiting.add(command);
        }
    }

    private void writeEntry(CompletionQueue queue, Command command) {
        controller.power.step();
        int status = command.status << CompletionEntry.STATUS_SHIFT | queue.phase;
        if (isFinal(command.status)) {
            status |= CompletionEntry.STATUS_DNR;
        }
        int third = command.queue.head | command.queue.id << 16;
        int fourth = command.id | status << 16;
        long address = queue.addressOfTail();
        if (!controller.dma.writeLong(address, Integer.toUnsignedLong(command.result))
                || !controller.dma.writeLong(
                        address + Long.BYTES, Integer.toUnsignedLong(third) | (long) fourth << Integer.SIZE)) {
            fatal = true;
            return;
        }
        queue.advance();
        if (queue.interrupts) {
            controller.vectors.completed(queue.vector, controller.clock.now());
        }
        pool.push(command);
    }

    /** Whether the same command would fail again. */
    private static boolean isFinal(int status) {
        return switch (status) {
            case Status.SUCCESS,
                    Status.DATA_TRANSFER_ERROR,
                    Status.INTERNAL_ERROR,
                    Status.ABORT_REQUESTED,
                    Status.ABORTED_QUEUE_DELETION,
                    Status.WRITE_FAULT,
                    Status.UNRECOVERED_READ_ERROR -> false;
            default -> true;
        };
    }

    private void postWaiting() {
        for (CompletionQueue queue : controller.completions) {
            while (queue != null && !queue.waiting.isEmpty() && !queue.isFull() && !fatal) {
                writeEntry(queue, queue.waiting.poll());
            }
        }
    }

    private void deliverEvents() {
        controller.checkHealth();
        for (Command request = controller.events.next();
                request != null && !fatal;
                request = controller.events.next()) {
            request.queue.remove(request);
            request.status = Status.SUCCESS;
            finish(request);
        }
    }

    /** Ends a command that is under way. */
    void abort(Command command, int status) {
        if (command.heapIndex >= 0) {
            pending.remove(command);
        }
        controller.events.forget(command);
        command.queue.remove(command);
        command.status = status;
        finish(command);
    }

    /** A processor wrote nonsense to a doorbell. */
    void invalidDoorbell(boolean noQueue) {
        controller.events.error(
                noQueue ? AsyncEvent.ERROR_INVALID_DOORBELL_REGISTER : AsyncEvent.ERROR_INVALID_DOORBELL_VALUE);
    }

    /** Reserves the link for so many pages; answers when they are through, not before that time. */
    long reserveLink(long notBefore, int pages) {
        linkFree = Math.max(controller.clock.now(), linkFree) + controller.timing.linkNanos() * pages;
        return Math.max(notBefore, linkFree);
    }

    /** If a fault wants it, the transfer of the command goes astray. */
    void maybeLoseTransfer(Command command) {
        if (controller.faults.strikes(FaultKind.WILD_DMA, command.queue.id) != null) {
            controller.memory.lose();
        }
    }
}
