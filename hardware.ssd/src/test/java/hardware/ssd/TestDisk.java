// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import hardware.machine.Machine;
import hardware.machine.bus.BusDevice;
import hardware.machine.bus.Register;
import hardware.machine.memory.DmaDirection;
import hardware.machine.time.VirtualTimeline;
import hardware.ssd.registers.AdminOpcode;
import hardware.ssd.registers.CompletionEntry;
import hardware.ssd.registers.NvmOpcode;
import hardware.ssd.registers.QueueCommand;
import hardware.ssd.registers.SsdRegisters;
import hardware.ssd.registers.SubmissionEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A machine with one disk and the smallest driver that there can be: it polls, and moves the timeline while it waits. */
final class TestDisk {
    static final int ENTRIES = 64;
    private static final long MEMORY_BYTES = 64 << 20;

    final VirtualTimeline timeline = new VirtualTimeline();
    final Machine machine;
    final SsdModel model;
    final BusDevice device;
    private long nextFree = 0x10_0000;
    final Queue[] queues = new Queue[SsdParameters.MOST_QUEUES + 1];
    final long buffer;
    private int nextId;

    TestDisk(String... parameters) {
        this(1, parameters);
    }

    TestDisk(long seed, String... parameters) {
        machine = new Machine(1, MEMORY_BYTES, true, timeline, seed);
        model = new SsdModel(parameters(parameters));
        device = machine.bus().attach(model);
        buffer = allocate(4 << 20);
    }

    static SsdParameters parameters(String... nameValues) {
        Map<String, String> map = new HashMap<>();
        for (String pair : nameValues) {
            int equals = pair.indexOf('=');
            map.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return SsdParameters.of(map);
    }

    /** A submission queue and its completion queue of the same number. */
    final class Queue {
        final int id;
        final int entries;
        final long submissions;
        final long completions;
        int tail;
        int head;
        int phase = 1;

        Queue(int id, int entries) {
            this.id = id;
            this.entries = entries;
            submissions = allocate(entries * SubmissionEntry.BYTES);
            completions = allocate(entries * CompletionEntry.BYTES);
        }

        /** Writes an entry without ringing. */
        void put(Command command) {
            byte[] entry = command.encode();
            memoryWrite(submissions + (long) tail * SubmissionEntry.BYTES, entry);
            tail = (tail + 1) % entries;
        }

        void ring() {
            device.write32(SsdRegisters.submissionTailOffset(id), tail);
        }

        /** The next completion, or null. */
        Completion poll() {
            long at = completions + (long) head * CompletionEntry.BYTES;
            byte[] entry = memoryRead(at, CompletionEntry.BYTES);
            Completion completion = Completion.decode(entry);
            if (completion.phase() != phase) {
                return null;
            }
            head = (head + 1) % entries;
            phase ^= head == 0 ? 1 : 0;
            return completion;
        }

        void consume() {
            device.write32(SsdRegisters.completionHeadOffset(id), head);
        }

        /** Moves time until there is a completion. */
        Completion await() {
            for (Completion next = poll(); ; next = poll()) {
                if (next != null) {
                    consume();
                    return next;
                }
                if (!timeline.fireNext()) {
                    throw new IllegalStateException(
                            "nothing will ever complete; CSTS 0x%x".formatted(read(SsdRegisters.CSTS)));
                }
            }
        }

        Completion execute(Command command) {
            put(command);
            ring();
            Completion completion = await();
            if (completion.id() != command.id) {
                throw new IllegalStateException("completion of %d, not %d".formatted(completion.id(), command.id));
            }
            return completion;
        }
    }

    /** A command as it is built up. */
    final class Command {
        int opcode;
        int flags;
        int id = newId();
        int namespace = 1;
        long prp1 = buffer;
        long prp2;
        final int[] words = new int[6];

        Command(int opcode) {
            this.opcode = opcode;
        }

        Command word(int number, int value) {
            words[number - 10] = value;
            return this;
        }

        Command namespace(int value) {
            namespace = value;
            return this;
        }

        Command prp(long first, long second) {
            prp1 = first;
            prp2 = second;
            return this;
        }

        Command id(int value) {
            id = value;
            return this;
        }

        Command flags(int value) {
            flags = value;
            return this;
        }

        Command range(long first, int count) {
            return word(10, (int) first).word(11, (int) (first >>> 32)).word(12, words[2] | count - 1);
        }

        byte[] encode() {
            ByteBuffer entry = ByteBuffer.allocate(SubmissionEntry.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            entry.put(SubmissionEntry.OPCODE, (byte) opcode);
            entry.put(SubmissionEntry.FLAGS, (byte) flags);
            entry.putShort(SubmissionEntry.CID, (short) id);
            entry.putInt(SubmissionEntry.NSID, namespace);
            entry.putLong(SubmissionEntry.PRP1, prp1);
            entry.putLong(SubmissionEntry.PRP2, prp2);
            for (int i = 0; i < words.length; i++) {
                entry.putInt(SubmissionEntry.CDW10 + 4 * i, words[i]);
            }
            return entry.array();
        }
    }

    /** A completion as it was found. */
    record Completion(int result, int head, int queue, int id, int phase, int status, boolean doNotRetry) {
        static Completion decode(byte[] entry) {
            ByteBuffer in = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN);
            int last = in.getShort(CompletionEntry.STATUS) & 0xffff;
            return new Completion(
                    in.getInt(CompletionEntry.RESULT),
                    in.getShort(CompletionEntry.SQHD) & 0xffff,
                    in.getShort(CompletionEntry.SQID) & 0xffff,
                    in.getShort(CompletionEntry.CID) & 0xffff,
                    last & CompletionEntry.STATUS_PHASE,
                    last >>> CompletionEntry.STATUS_SHIFT & CompletionEntry.STATUS_CODE,
                    (last & CompletionEntry.STATUS_DNR) != 0);
        }
    }

    private int newId() {
        nextId = (nextId + 1) & 0xffff;
        return nextId;
    }

    Command command(int opcode) {
        return new Command(opcode);
    }

    int read(Register.Readable register) {
        return device.read32(register.offset());
    }

    void write(Register.Writable register, int value) {
        device.write32(register.offset(), value);
    }

    /** Contiguous memory, mapped for the device; answers its bus address. */
    long allocate(int size) {
        long physical = nextFree;
        nextFree += (size + 4095) / 4096 * 4096L + 4096;
        return device.iommuDomain().map(physical, (size + 4095) / 4096 * 4096L, DmaDirection.BIDIRECTIONAL);
    }

    byte[] memoryRead(long busAddress, int length) {
        byte[] to = new byte[length];
        if (!device.iommuDomain().port().read(busAddress, to, 0, length)) {
            throw new IllegalStateException("not mapped: 0x%x".formatted(busAddress));
        }
        return to;
    }

    void memoryWrite(long busAddress, byte[] from) {
        if (!device.iommuDomain().port().write(busAddress, from, 0, from.length)) {
            throw new IllegalStateException("not mapped: 0x%x".formatted(busAddress));
        }
    }

    /** Enables the controller with an admin queue of so many entries; false when it says that it is dead. */
    boolean enable(int entries) {
        write(SsdRegisters.CC, 0);
        awaitStatus(SsdRegisters.CSTS_RDY, 0);
        Queue admin = new Queue(0, entries);
        queues[0] = admin;
        write(SsdRegisters.AQA, (entries - 1) | ((entries - 1) << 16));
        write(SsdRegisters.ASQ, (int) admin.submissions);
        write(SsdRegisters.ASQ_HIGH, (int) (admin.submissions >>> 32));
        write(SsdRegisters.ACQ, (int) admin.completions);
        write(SsdRegisters.ACQ_HIGH, (int) (admin.completions >>> 32));
        write(SsdRegisters.CC, SsdRegisters.CC_START);
        return awaitStatus(SsdRegisters.CSTS_RDY, SsdRegisters.CSTS_RDY);
    }

    /** Moves time until the bits of CSTS have that value; false when the controller died or is gone. */
    boolean awaitStatus(int bits, int value) {
        while ((read(SsdRegisters.CSTS) & bits) != value) {
            int status = read(SsdRegisters.CSTS);
            if (status == -1 || (status & SsdRegisters.CSTS_CFS) != 0 || !timeline.fireNext()) {
                return false;
            }
        }
        return true;
    }

    /** Enables the controller and creates one pair of I/O queues. */
    TestDisk start() {
        if (!enable(ENTRIES)) {
            throw new IllegalStateException("not ready: CSTS 0x%x".formatted(read(SsdRegisters.CSTS)));
        }
        createQueue(1, ENTRIES);
        return this;
    }

    Queue createQueue(int id, int entries) {
        Queue queue = new Queue(id, entries);
        queues[id] = queue;
        check(admin(createCompletion(queue, id, true)));
        check(admin(createSubmission(queue, id)));
        return queue;
    }

    Command createCompletion(Queue queue, int vector, boolean interrupts) {
        return command(AdminOpcode.CREATE_COMPLETION_QUEUE)
                .prp(queue.completions, 0)
                .word(10, queue.id | ((queue.entries - 1) << QueueCommand.SIZE_SHIFT))
                .word(
                        11,
                        QueueCommand.CONTIGUOUS
                                | (interrupts ? QueueCommand.INTERRUPTS_ENABLED : 0)
                                | vector << QueueCommand.VECTOR_SHIFT);
    }

    Command createSubmission(Queue queue, int completionId) {
        return command(AdminOpcode.CREATE_SUBMISSION_QUEUE)
                .prp(queue.submissions, 0)
                .word(10, queue.id | ((queue.entries - 1) << QueueCommand.SIZE_SHIFT))
                .word(11, QueueCommand.CONTIGUOUS | completionId << QueueCommand.COMPLETION_QUEUE_SHIFT);
    }

    Completion admin(Command command) {
        return queues[0].execute(command);
    }

    Completion io(Command command) {
        return queues[1].execute(command);
    }

    static void check(Completion completion) {
        if (completion.status() != 0) {
            throw new IllegalStateException("status 0x%x".formatted(completion.status()));
        }
    }

    /** A command on a range of at most two pages at the start of the buffer. */
    Command rangeCommand(int opcode, long first, int count) {
        return command(opcode).prp(buffer, buffer + 4096).range(first, count);
    }

    int write(long first, int count, byte[] data) {
        memoryWrite(buffer, data);
        return io(rangeCommand(NvmOpcode.WRITE, first, count)).status();
    }

    int writeDurably(long first, int count, byte[] data) {
        memoryWrite(buffer, data);
        return io(rangeCommand(NvmOpcode.WRITE, first, count)
                        .word(12, NvmOpcode.CDW12_FORCE_UNIT_ACCESS)
                        .range(first, count))
                .status();
    }

    int flush() {
        return io(command(NvmOpcode.FLUSH)).status();
    }

    byte[] readBlocks(long first, int count, int length) {
        check(io(rangeCommand(NvmOpcode.READ, first, count)));
        return memoryRead(buffer, length);
    }

    /** A page of 4096 bytes with that in it. */
    static byte[] page(int content) {
        byte[] page = new byte[4096];
        for (int i = 0; i < page.length; i += 4) {
            page[i] = (byte) content;
            page[i + 1] = (byte) (content >>> 8);
            page[i + 2] = (byte) (content >>> 16);
            page[i + 3] = (byte) (i >>> 2);
        }
        return page;
    }

    /** What {@link #page} was given; -1 when it is not such a page, whole. */
    static int contentOf(byte[] page) {
        int content = (page[0] & 0xff) | (page[1] & 0xff) << 8 | (page[2] & 0xff) << 16;
        boolean zero = true;
        for (byte b : page) {
            zero &= b == 0;
        }
        return zero ? 0 : Arrays.equals(page, page(content)) ? content : -1;
    }
}
