// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.control.Fault;
import hardware.ssd.control.FaultKind;
import hardware.ssd.ftl.Storage;
import hardware.ssd.nand.NandGeometry;
import hardware.ssd.registers.DatasetManagement;
import hardware.ssd.registers.NvmOpcode;
import hardware.ssd.registers.Status;
import hardware.ssd.registers.SubmissionEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Does what commands of I/O queues ask for. Guarded by the firmware's lock. */
final class IoCommands {
    private static final int PAGE = NandGeometry.PAGE_BYTES;
    private static final int PAGE_MASK = PAGE - 1;

    private final Controller controller;
    private final Firmware firmware;
    private final Storage storage;
    private final byte[] scratch = new byte[PAGE];
    private final byte[] ranges = new byte[DatasetManagement.MAX_RANGES * DatasetManagement.RANGE_BYTES];
    private final ByteBuffer rangeBuffer = ByteBuffer.wrap(ranges).order(ByteOrder.LITTLE_ENDIAN);

    IoCommands(Controller controller, Firmware firmware) {
        this.controller = controller;
        this.firmware = firmware;
        storage = controller.storage;
    }

    /**
     * When the command may begin: after what it needs of flash and of the link.
     *
     * @param now when the firmware has looked at it
     */
    long plan(Command command, long now) {
        if (command.opcode != NvmOpcode.READ
                && command.opcode != NvmOpcode.COMPARE
                && command.opcode != NvmOpcode.WRITE) {
            return now;
        }
        Namespace namespace = controller.namespace(command.namespace);
        if (namespace == null || rangeStatus(command, namespace) != Status.SUCCESS) {
            return now;
        }
        long first = command.firstBlock() << namespace.blockShift();
        long last = first + transferBytes(command, namespace) - 1;
        long ready = now;
        int pages = 0;
        for (long page = first / PAGE; page <= last / PAGE; page++, pages++) {
            if (command.opcode != NvmOpcode.WRITE) {
                ready = Math.max(ready, storage.reserveRead(namespace.firstPage + (int) page));
            }
        }
        return firmware.reserveLink(ready, pages);
    }

    /** Answers a status code; sets {@link Command#at} if the command is done later than now. */
    int execute(Command command) {
        if (command.opcode == NvmOpcode.FLUSH) {
            return flush(command);
        }
        boolean known = switch (command.opcode) {
            case NvmOpcode.READ,
                    NvmOpcode.WRITE,
                    NvmOpcode.COMPARE,
                    NvmOpcode.WRITE_ZEROES,
                    NvmOpcode.DATASET_MANAGEMENT -> true;
            default -> false;
        };
        if (!known) {
            return Status.INVALID_OPCODE;
        }
        Namespace namespace = controller.namespace(command.namespace);
        if (namespace == null) {
            return Status.INVALID_NAMESPACE;
        }
        if (command.opcode == NvmOpcode.DATASET_MANAGEMENT) {
            return manage(command, namespace);
        }
        int status = rangeStatus(command, namespace);
        if (status != Status.SUCCESS) {
            return status;
        }
        return switch (command.opcode) {
            case NvmOpcode.READ -> read(command, namespace);
            case NvmOpcode.WRITE -> write(command, namespace);
            case NvmOpcode.COMPARE -> compare(command, namespace);
            default -> writeZeroes(command, namespace);
        };
    }

    private static int blocks(Command command) {
        return (command.dword12 & NvmOpcode.CDW12_BLOCKS) + 1;
    }

    private static int transferBytes(Command command, Namespace namespace) {
        return blocks(command) << namespace.blockShift();
    }

    private int rangeStatus(Command command, Namespace namespace) {
        long first = command.firstBlock();
        int count = blocks(command);
        if (first < 0 || first > namespace.blocks() - count) {
            return Status.LBA_OUT_OF_RANGE;
        }
        boolean transfers = command.opcode != NvmOpcode.WRITE_ZEROES;
        return transfers && (long) count << namespace.blockShift() > Controller.MOST_BYTES
                ? Status.INVALID_FIELD
                : Status.SUCCESS;
    }

    private Fault strikes(FaultKind kind, Command command) {
        return controller.faults.strikes(
                kind, command.queue.id, command.namespace, command.firstBlock(), blocks(command));
    }

    /** Where a misdirected command goes: off by some blocks, but not out of the namespace. */
    private long position(Command command, Namespace namespace, FaultKind misdirection) {
        long block = command.firstBlock();
        Fault fault = strikes(misdirection, command);
        if (fault != null) {
            block = Math.clamp(block + fault.blocks(), 0, namespace.blocks() - blocks(command));
        }
        return block << namespace.blockShift();
    }

    private int flush(Command command) {
        if (command.namespace != SubmissionEntry.ALL_NAMESPACES && controller.namespace(command.namespace) == null) {
            return Status.INVALID_NAMESPACE;
        }
        return durable(command, storage.isReadOnly() ? 0 : storage.flush());
    }

    /** Completes a command when what it did is durable. */
    private int durable(Command command, long at) {
        if (at == Storage.FAILED) {
            return writeFailure();
        }
        command.at = Math.max(command.at, at);
        command.forces = true;
        return Status.SUCCESS;
    }

    private int writeFailure() {
        controller.state.mediaErrors++;
        return storage.isReadOnly() ? Status.WRITE_TO_READ_ONLY_RANGE : Status.WRITE_FAULT;
    }

    private int readFailure() {
        controller.state.mediaErrors++;
        return Status.UNRECOVERED_READ_ERROR;
    }

    private int read(Command command, Namespace namespace) {
        int bytes = transferBytes(command, namespace);
        int status = find(command, bytes);
        if (status != Status.SUCCESS) {
            return status;
        }
        if (strikes(FaultKind.READ_ERROR, command) != null) {
            return readFailure();
        }
        boolean retry = (command.dword12 & NvmOpcode.CDW12_LIMITED_RETRY) == 0;
        boolean corrupt = strikes(FaultKind.CORRUPT_READ, command) != null;
        long position = position(command, namespace, FaultKind.MISDIRECTED_READ);
        for (int done = 0; done < bytes; ) {
            int offset = (int) (position + done) & PAGE_MASK;
            int piece = Math.min(bytes - done, PAGE - offset);
            byte[] data = storage.read(namespace.firstPage + (int) ((position + done) / PAGE), retry);
            if (data == null) {
                return readFailure();
            }
            if (corrupt) {
                data = corrupted(data, offset, piece, 1 << namespace.blockShift());
            }
            if (!controller.memory.write(data, offset, piece)) {
                return Status.DATA_TRANSFER_ERROR;
            }
            done += piece;
        }
        controller.state.hostReads++;
        controller.state.bytesRead += bytes;
        return Status.SUCCESS;
    }

    private byte[] corrupted(byte[] data, int offset, int length, int blockBytes) {
        System.arraycopy(data, 0, scratch, 0, PAGE);
        for (int at = offset; at < offset + length; at += blockBytes) {
            scratch[at + blockBytes / 2] ^= 1;
        }
        return scratch;
    }

    private int find(Command command, int bytes) {
        int status = controller.memory.find(command.prp1, command.prp2, bytes);
        if (status == Status.SUCCESS) {
            firmware.maybeLoseTransfer(command);
        }
        return status;
    }

    private int write(Command command, Namespace namespace) {
        int bytes = transferBytes(command, namespace);
        if (storage.isReadOnly()) {
            return readOnlyStatus();
        }
        int status = find(command, bytes);
        if (status != Status.SUCCESS) {
            return status;
        }
        if (strikes(FaultKind.WRITE_ERROR, command) != null) {
            controller.state.mediaErrors++;
            return Status.WRITE_FAULT;
        }
        boolean lost = strikes(FaultKind.LOST_WRITE, command) != null;
        boolean torn = strikes(FaultKind.TORN_WRITE, command) != null;
        boolean durable = (command.dword12 & NvmOpcode.CDW12_FORCE_UNIT_ACCESS) != 0;
        long position = position(command, namespace, FaultKind.MISDIRECTED_WRITE);
        for (int done = 0; done < bytes; ) {
            int offset = (int) (position + done) & PAGE_MASK;
            int piece = Math.min(bytes - done, PAGE - offset);
            int page = namespace.firstPage + (int) ((position + done) / PAGE);
            status = writePiece(command, page, offset, piece, lost, torn, durable);
            if (status != Status.SUCCESS) {
                return status;
            }
            done += piece;
        }
        controller.state.hostWrites++;
        controller.state.bytesWritten += bytes;
        command.forces = durable || !storage.isCacheEnabled();
        return Status.SUCCESS;
    }

    private int readOnlyStatus() {
        return firmware.isWriteProtected() ? Status.NAMESPACE_WRITE_PROTECTED : Status.WRITE_TO_READ_ONLY_RANGE;
    }

    /** Writes the next bytes of the transfer into one page. */
    private int writePiece(
            Command command, int page, int offset, int piece, boolean lost, boolean torn, boolean durable) {
        byte[] content = storage.pool().take();
        boolean whole = piece == PAGE && !torn;
        if (!whole) {
            byte[] old = storage.read(page, true);
            if (old == null) {
                storage.pool().give(content);
                return readFailure();
            }
            System.arraycopy(old, 0, content, 0, PAGE);
        }
        byte[] target = torn || lost ? scratch : content;
        if (!controller.memory.read(target, offset, piece)) {
            storage.pool().give(content);
            return Status.DATA_TRANSFER_ERROR;
        }
        if (lost) {
            storage.pool().give(content);
            return Status.SUCCESS;
        }
        if (torn) {
            int end = Math.min(offset + piece, PAGE / 2);
            System.arraycopy(scratch, offset, content, offset, Math.max(0, end - offset));
        }
        return store(command, page, content, durable);
    }

    private int store(Command command, int page, byte[] content, boolean durable) {
        long at = storage.write(page, content, durable);
        if (at == Storage.FAILED) {
            storage.pool().give(content);
            return writeFailure();
        }
        command.at = Math.max(command.at, at);
        return Status.SUCCESS;
    }

    private int compare(Command command, Namespace namespace) {
        int bytes = transferBytes(command, namespace);
        int status = find(command, bytes);
        if (status != Status.SUCCESS) {
            return status;
        }
        if (strikes(FaultKind.READ_ERROR, command) != null) {
            return readFailure();
        }
        long position = command.firstBlock() << namespace.blockShift();
        for (int done = 0; done < bytes; ) {
            int offset = (int) (position + done) & PAGE_MASK;
            int piece = Math.min(bytes - done, PAGE - offset);
            byte[] data = storage.read(namespace.firstPage + (int) ((position + done) / PAGE), true);
            if (data == null) {
                return readFailure();
            }
            if (!controller.memory.read(scratch, offset, piece)) {
                return Status.DATA_TRANSFER_ERROR;
            }
            if (!Arrays.equals(data, offset, offset + piece, scratch, offset, offset + piece)) {
                return Status.COMPARE_FAILURE;
            }
            done += piece;
        }
        controller.state.hostReads++;
        return Status.SUCCESS;
    }

    private int writeZeroes(Command command, Namespace namespace) {
        if (storage.isReadOnly()) {
            return readOnlyStatus();
        }
        if (strikes(FaultKind.WRITE_ERROR, command) != null) {
            controller.state.mediaErrors++;
            return Status.WRITE_FAULT;
        }
        long first = command.firstBlock() << namespace.blockShift();
        int status = clear(command, namespace, first, first + ((long) blocks(command) << namespace.blockShift()));
        boolean durable = (command.dword12 & NvmOpcode.CDW12_FORCE_UNIT_ACCESS) != 0 || !storage.isCacheEnabled();
        return status == Status.SUCCESS && durable ? durable(command, storage.flush()) : status;
    }

    private int manage(Command command, Namespace namespace) {
        int count = (command.dword10 & 0xff) + 1;
        int status = find(command, count * DatasetManagement.RANGE_BYTES);
        if (status != Status.SUCCESS) {
            return status;
        }
        if (!controller.memory.read(ranges, 0, count * DatasetManagement.RANGE_BYTES)) {
            return Status.DATA_TRANSFER_ERROR;
        }
        if ((command.dword11 & DatasetManagement.DEALLOCATE) == 0) {
            return Status.SUCCESS;
        }
        if (storage.isReadOnly()) {
            return readOnlyStatus();
        }
        for (int i = 0; i < count; i++) {
            long first = rangeBuffer.getLong(i * DatasetManagement.RANGE_BYTES + DatasetManagement.RANGE_FIRST);
            if (first < 0 || first > namespace.blocks() - rangeBlocks(i)) {
                return Status.LBA_OUT_OF_RANGE;
            }
        }
        for (int i = 0; i < count && status == Status.SUCCESS; i++) {
            long first = rangeBuffer.getLong(i * DatasetManagement.RANGE_BYTES + DatasetManagement.RANGE_FIRST);
            long end = first + rangeBlocks(i);
            status = clear(command, namespace, first << namespace.blockShift(), end << namespace.blockShift());
        }
        return status == Status.SUCCESS && !storage.isCacheEnabled() ? durable(command, storage.flush()) : status;
    }

    private long rangeBlocks(int index) {
        return Integer.toUnsignedLong(
                rangeBuffer.getInt(index * DatasetManagement.RANGE_BYTES + DatasetManagement.RANGE_BLOCKS));
    }

    /** Makes bytes of a namespace zero: whole pages are deallocated, parts of pages are written. */
    private int clear(Command command, Namespace namespace, long from, long to) {
        long position = from;
        while (position < to) {
            int offset = (int) position & PAGE_MASK;
            long page = position / PAGE;
            if (offset == 0 && to - position >= PAGE) {
                int pages = (int) ((to - position) / PAGE);
                storage.deallocate(namespace.firstPage + (int) page, pages);
                position += (long) pages * PAGE;
                continue;
            }
            int piece = (int) Math.min(to - position, PAGE - offset);
            int status = clearPart(command, namespace.firstPage + (int) page, offset, piece);
            if (status != Status.SUCCESS) {
                return status;
            }
            position += piece;
        }
        return Status.SUCCESS;
    }

    private int clearPart(Command command, int page, int offset, int length) {
        if (!storage.isMapped(page)) {
            return Status.SUCCESS;
        }
        byte[] old = storage.read(page, true);
        if (old == null) {
            return readFailure();
        }
        byte[] content = storage.pool().take();
        System.arraycopy(old, 0, content, 0, PAGE);
        Arrays.fill(content, offset, offset + length, (byte) 0);
        return store(command, page, content, false);
    }
}
