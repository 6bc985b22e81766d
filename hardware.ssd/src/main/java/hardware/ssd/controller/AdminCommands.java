// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.registers.AdminOpcode;
import hardware.ssd.registers.IdentifyCommand;
import hardware.ssd.registers.LogPage;
import hardware.ssd.registers.PhysicalRegions;
import hardware.ssd.registers.QueueCommand;
import hardware.ssd.registers.Status;
import hardware.ssd.registers.SubmissionEntry;
import java.util.Arrays;

/** Does what commands of the admin queue ask for. Guarded by the firmware's lock. */
final class AdminCommands {
    /** What {@link #execute} answers when the command does not complete now. */
    static final int HELD = -1;

    private static final int HALF = 0xffff;
    private static final int LOG2_SECURE_ERASE = 9;

    private final Controller controller;
    private final Firmware firmware;
    private final IdentifyPages identify;
    private final LogPages logs;

    AdminCommands(Controller controller, Firmware firmware) {
        this.controller = controller;
        this.firmware = firmware;
        identify = new IdentifyPages(controller);
        logs = new LogPages(controller);
    }

    LogPages logs() {
        return logs;
    }

    /** Answers a status code, or {@link #HELD}. */
    int execute(Command command) {
        return switch (command.opcode) {
            case AdminOpcode.DELETE_SUBMISSION_QUEUE -> deleteSubmission(command.dword10 & HALF);
            case AdminOpcode.CREATE_SUBMISSION_QUEUE -> createSubmission(command);
            case AdminOpcode.GET_LOG_PAGE -> getLogPage(command);
            case AdminOpcode.DELETE_COMPLETION_QUEUE -> deleteCompletion(command.dword10 & HALF);
            case AdminOpcode.CREATE_COMPLETION_QUEUE -> createCompletion(command);
            case AdminOpcode.IDENTIFY -> identify(command);
            case AdminOpcode.ABORT -> abort(command);
            case AdminOpcode.SET_FEATURES -> controller.features.set(command);
            case AdminOpcode.GET_FEATURES -> controller.features.get(command);
            case AdminOpcode.ASYNC_EVENT_REQUEST ->
                controller.events.hold(command) ? HELD : Status.ASYNC_EVENT_LIMIT_EXCEEDED;
            case AdminOpcode.FORMAT_NVM -> format(command);
            default -> Status.INVALID_OPCODE;
        };
    }

    private boolean isIoQueue(int id) {
        return id >= 1 && id <= controller.identity.queues();
    }

    private int checkQueue(Command command) {
        int size = (command.dword10 >>> QueueCommand.SIZE_SHIFT) + 1;
        if (size < 2 || size > Controller.MOST_ENTRIES) {
            return Status.INVALID_QUEUE_SIZE;
        }
        if ((command.dword11 & QueueCommand.CONTIGUOUS) == 0) {
            return Status.INVALID_FIELD;
        }
        return (command.prp1 & PhysicalRegions.PAGE_BYTES - 1) == 0 ? Status.SUCCESS : Status.PRP_OFFSET_INVALID;
    }

    private int createCompletion(Command command) {
        int id = command.dword10 & HALF;
        int size = (command.dword10 >>> QueueCommand.SIZE_SHIFT) + 1;
        int vector = command.dword11 >>> QueueCommand.VECTOR_SHIFT;
        boolean interrupts = (command.dword11 & QueueCommand.INTERRUPTS_ENABLED) != 0;
        if (!isIoQueue(id) || controller.completions[id] != null) {
            return Status.INVALID_QUEUE_IDENTIFIER;
        }
        if (interrupts && vector >= controller.vectors.count()) {
            return Status.INVALID_INTERRUPT_VECTOR;
        }
        int status = checkQueue(command);
        if (status == Status.SUCCESS) {
            controller.completions[id] =
                    new CompletionQueue(id, command.prp1, size, vector, interrupts, controller.doorbells);
            controller.doorbells.openCompletion(id, size);
        }
        return status;
    }

    private int createSubmission(Command command) {
        int id = command.dword10 & HALF;
        int size = (command.dword10 >>> QueueCommand.SIZE_SHIFT) + 1;
        int completionId = command.dword11 >>> QueueCommand.COMPLETION_QUEUE_SHIFT;
        if (!isIoQueue(id) || controller.submissions[id] != null) {
            return Status.INVALID_QUEUE_IDENTIFIER;
        }
        if (!isIoQueue(completionId)) {
            return Status.INVALID_QUEUE_IDENTIFIER;
        }
        CompletionQueue completions = controller.completions[completionId];
        if (completions == null) {
            return Status.COMPLETION_QUEUE_INVALID;
        }
        int status = checkQueue(command);
        if (status == Status.SUCCESS) {
            completions.users++;
            controller.submissions[id] = new SubmissionQueue(id, completions, command.prp1, size);
            controller.doorbells.openSubmission(id, size);
        }
        return status;
    }

    private int deleteSubmission(int id) {
        SubmissionQueue queue = isIoQueue(id) ? controller.submissions[id] : null;
        if (queue == null) {
            return Status.INVALID_QUEUE_IDENTIFIER;
        }
        controller.doorbells.closeSubmission(id);
        while (queue.underWay != null) {
            firmware.abort(queue.underWay, Status.ABORTED_QUEUE_DELETION);
        }
        controller.submissions[id] = null;
        queue.completions.users--;
        return Status.SUCCESS;
    }

    private int deleteCompletion(int id) {
        CompletionQueue queue = isIoQueue(id) ? controller.completions[id] : null;
        if (queue == null) {
            return Status.INVALID_QUEUE_IDENTIFIER;
        }
        if (queue.users > 0) {
            return Status.INVALID_QUEUE_DELETION;
        }
        controller.doorbells.closeCompletion(id);
        controller.completions[id] = null;
        return Status.SUCCESS;
    }

    private int identify(Command command) {
        Namespace namespace = controller.namespace(command.namespace);
        byte[] page = switch (command.dword10 & 0xff) {
            case IdentifyCommand.CNS_CONTROLLER -> identify.controller();
            case IdentifyCommand.CNS_ACTIVE_NAMESPACES ->
                identify.activeNamespaces(Integer.toUnsignedLong(command.namespace));
            case IdentifyCommand.CNS_NAMESPACE_DESCRIPTORS ->
                namespace == null ? null : identify.descriptors(namespace);
            case IdentifyCommand.CNS_NAMESPACE -> identifyNamespace(command.namespace, namespace);
            default -> new byte[0];
        };
        if (page == null) {
            return Status.INVALID_NAMESPACE;
        }
        return page.length == 0 ? Status.INVALID_FIELD : transfer(command, page, 0, page.length);
    }

    /** A namespace that is there but not attached is all zeros. */
    private byte[] identifyNamespace(int id, Namespace namespace) {
        if (namespace != null || id == SubmissionEntry.ALL_NAMESPACES) {
            return identify.namespace(namespace);
        }
        boolean exists = id >= 1 && id <= controller.namespaces.length;
        return exists ? new byte[IdentifyCommand.BYTES] : null;
    }

    private int getLogPage(Command command) {
        int number = command.dword10 & 0xff;
        long words = (Integer.toUnsignedLong(command.dword10 >>> LogPage.WORDS_SHIFT)
                        | Integer.toUnsignedLong(command.dword11 << LogPage.WORDS_SHIFT))
                + 1;
        long offset = Integer.toUnsignedLong(command.dword12) | (long) command.dword13 << 32;
        byte[] page = logs.page(number);
        if (page == null) {
            return Status.INVALID_LOG_PAGE;
        }
        if (offset < 0 || offset > page.length || (offset & 3) != 0 || words * Integer.BYTES > Controller.MOST_BYTES) {
            return Status.INVALID_FIELD;
        }
        byte[] answer = new byte[(int) words * Integer.BYTES];
        System.arraycopy(page, (int) offset, answer, 0, (int) Math.min(answer.length, page.length - offset));
        int status = transfer(command, answer, 0, answer.length);
        if (status == Status.SUCCESS && (command.dword10 & LogPage.RETAIN_EVENT) == 0) {
            controller.events.logWasRead(number);
            if (number == LogPage.CHANGED_NAMESPACES) {
                Arrays.fill(controller.changed, false);
            }
        }
        return status;
    }

    private int transfer(Command command, byte[] from, int offset, int length) {
        int status = controller.memory.find(command.prp1, command.prp2, length);
        if (status != Status.SUCCESS) {
            return status;
        }
        firmware.maybeLoseTransfer(command);
        return controller.memory.write(from, offset, length) ? Status.SUCCESS : Status.DATA_TRANSFER_ERROR;
    }

    private int abort(Command command) {
        int queueId = command.dword10 & HALF;
        SubmissionQueue queue = queueId < controller.submissions.length ? controller.submissions[queueId] : null;
        Command victim = queue == null ? null : queue.find(command.dword10 >>> 16);
        boolean aborts = victim != null && victim != command && victim.phase != Command.Phase.DONE;
        if (aborts) {
            firmware.abort(victim, Status.ABORT_REQUESTED);
        }
        command.result = aborts ? 0 : 1;
        return Status.SUCCESS;
    }

    private int format(Command command) {
        int format = command.dword10 & 0xf;
        int erase = command.dword10 >>> LOG2_SECURE_ERASE & 0x7;
        boolean all = command.namespace == SubmissionEntry.ALL_NAMESPACES;
        if (!all && controller.namespace(command.namespace) == null) {
            return Status.INVALID_NAMESPACE;
        }
        if (format > 1 || erase > 1 || (command.dword10 & 0x1f0) != 0) {
            return Status.INVALID_FORMAT;
        }
        if (controller.storage.isReadOnly()) {
            return Status.NAMESPACE_WRITE_PROTECTED;
        }
        for (Namespace namespace : controller.namespaces) {
            if (namespace.attached && (all || namespace.id == command.namespace)) {
                controller.storage.deallocate(namespace.firstPage, namespace.pages);
                namespace.setFormat(format);
                controller.state.formats[namespace.id - 1] = (byte) format;
                controller.namespaceChanged(namespace.id);
            }
        }
        long flushed = controller.storage.flush();
        if (flushed < 0) {
            return Status.WRITE_FAULT;
        }
        command.at = Math.max(flushed, controller.storage.saveState());
        command.forces = true;
        return Status.SUCCESS;
    }
}
