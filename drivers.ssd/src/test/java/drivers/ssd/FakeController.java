// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import hardware.machine.bus.DeviceEnvironment;
import hardware.machine.bus.DeviceModel;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.InterruptLine.Trigger;
import hardware.machine.memory.DmaPort;
import hardware.machine.time.TimelineEvent;
import hardware.ssd.registers.AdminOpcode;
import hardware.ssd.registers.CompletionEntry;
import hardware.ssd.registers.DatasetManagement;
import hardware.ssd.registers.Feature;
import hardware.ssd.registers.IdentifyCommand;
import hardware.ssd.registers.IdentifyController;
import hardware.ssd.registers.IdentifyNamespace;
import hardware.ssd.registers.NvmOpcode;
import hardware.ssd.registers.PhysicalRegions;
import hardware.ssd.registers.QueueCommand;
import hardware.ssd.registers.SsdRegisters;
import hardware.ssd.registers.Status;
import hardware.ssd.registers.SubmissionEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A controller that does as it is told, by the driver and by the test: a memory instead of flash, a constant latency, and a {@link Mischief} that may do to
 * any command whatever it likes. What it writes into completion queues need not be true.
 */
final class FakeController implements DeviceModel {
    /** A command as it was fetched. */
    record Command(
            int queue, int id, int opcode, int namespace, long region1, long region2, long words10, long words12) {
        int word10() {
            return (int) words10;
        }

        int word11() {
            return (int) (words10 >>> Integer.SIZE);
        }
    }

    /** Decides what becomes of a command. */
    @FunctionalInterface
    interface Mischief {
        /** Returns true when the command has been dealt with; false lets it go its way. */
        boolean handled(FakeController controller, Command command);
    }

    private static final class Submissions {
        private long address;
        private int entries;
        private int head;
        private int tail;
        private int completionQueue;
    }

    private static final class Completions {
        private long address;
        private int entries;
        private int tail;
        private int phase = 1;
        private int vector;
    }

    static final int BLOCK_BYTES = 512;
    static final int VECTORS = 5;
    static final int NAMESPACES = 2;

    private final Map<Integer, Submissions> submissions = new TreeMap<>();
    private final Map<Integer, Completions> completions = new TreeMap<>();
    private final byte[][] contents;
    private final List<InterruptLine> lines = new ArrayList<>();
    private final List<Command> eventRequests = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private final int[] registers = new int[SsdRegisters.WINDOW_BYTES / Integer.BYTES];
    private final long latencyNanos;
    private final int grantedQueues;
    private final boolean[] attached = {true, false};
    private DmaPort dma;
    private TimelineEvent work;
    private TimelineEvent control;
    private Mischief mischief = (controller, command) -> false;
    private int status;
    private boolean deaf;

    FakeController(long latencyNanos, int grantedQueues, int blocks) {
        this.latencyNanos = latencyNanos;
        this.grantedQueues = grantedQueues;
        contents = new byte[NAMESPACES][blocks * BLOCK_BYTES];
    }

    /** One of 1 MiB that answers after 10 us and grants two queues. */
    static FakeController ordinary() {
        return new FakeController(10_000, 2, 2048);
    }

    FakeController with(Mischief given) {
        mischief = given;
        return this;
    }

    void setMischief(Mischief given) {
        mischief = given;
    }

    /** The bytes of a namespace. */
    byte[] contents(int namespace) {
        return contents[namespace - 1];
    }

    /** What it was told beyond reading and writing, in order. */
    List<String> story() {
        return story;
    }

    /** The controller breaks: nothing helps but a reset. */
    void fail() {
        status |= SsdRegisters.CSTS_CFS;
    }

    /** Never gets ready again. */
    void die() {
        fail();
        deaf = true;
    }

    void interrupt(int vector) {
        lines.get(vector).raise();
    }

    /** Attaches or detaches a namespace and tells of it. */
    void setAttached(int namespace, boolean on) {
        attached[namespace - 1] = on;
        tell(0x04_00_02);
    }

    /** Answers an outstanding event request. */
    void tell(int event) {
        if (!eventRequests.isEmpty()) {
            complete(eventRequests.removeFirst(), Status.SUCCESS, event);
        }
    }

    // ---- DeviceModel

    @Override
    public String type() {
        return "ssd";
    }

    @Override
    public String compatible() {
        return "ubend,ssd";
    }

    @Override
    public int windowBytes() {
        return SsdRegisters.WINDOW_BYTES;
    }

    @Override
    public void attached(DeviceEnvironment environment) {
        dma = environment.dma();
        work = environment.timeline().event("fake ssd", this::work);
        control = environment.timeline().event("fake ssd control", this::control);
        for (int i = 0; i < VECTORS; i++) {
            lines.add(environment.interruptLine(Trigger.EDGE));
        }
    }

    @Override
    public void detached() {
        work.cancel();
        control.cancel();
    }

    @Override
    public synchronized int read32(int offset) {
        if (offset == SsdRegisters.CAP.offset()) {
            return (4 << 24) | (1 << 16) | 1023;
        } else if (offset == SsdRegisters.CAP_HIGH.offset()) {
            return SsdRegisters.CAP_HIGH_CSS_NVM;
        } else if (offset == SsdRegisters.CSTS.offset()) {
            return status;
        }
        return registers[offset / Integer.BYTES];
    }

    @Override
    public synchronized void write32(int offset, int value) {
        registers[offset / Integer.BYTES] = value;
        if (offset == SsdRegisters.CC.offset()) {
            control.scheduleIn(latencyNanos);
        } else if (offset >= SsdRegisters.DOORBELLS) {
            int index = (offset - SsdRegisters.DOORBELLS) / Integer.BYTES;
            Submissions queue = submissions.get(index / 2);
            if (index % 2 == 0 && queue != null) {
                queue.tail = value;
                work.scheduleIn(latencyNanos);
            }
        }
    }

    private synchronized void control() {
        int configuration = register(SsdRegisters.CC.offset());
        if (deaf) {
            return;
        }
        if ((configuration & SsdRegisters.CC_EN) == 0) {
            submissions.clear();
            completions.clear();
            eventRequests.clear();
            status = 0;
            work.cancel();
            story.add("disabled");
        } else if ((configuration & SsdRegisters.CC_SHN) != 0) {
            status |= SsdRegisters.CSTS_SHST_COMPLETE;
            story.add("shut down");
        } else {
            int sizes = register(SsdRegisters.AQA.offset());
            createCompletions(0, address(SsdRegisters.ACQ.offset()), (sizes >>> 16) + 1, 0);
            createSubmissions(0, address(SsdRegisters.ASQ.offset()), (sizes & 0xfff) + 1, 0);
            status |= SsdRegisters.CSTS_RDY;
            story.add("enabled");
        }
    }

    private int register(int offset) {
        return registers[offset / Integer.BYTES];
    }

    private long address(int offset) {
        return Integer.toUnsignedLong(register(offset)) | ((long) register(offset + Integer.BYTES) << Integer.SIZE);
    }

    private void createSubmissions(int number, long address, int entries, int completionQueue) {
        Submissions queue = new Submissions();
        queue.address = address;
        queue.entries = entries;
        queue.completionQueue = completionQueue;
        submissions.put(number, queue);
    }

    private void createCompletions(int number, long address, int entries, int vector) {
        Completions queue = new Completions();
        queue.address = address;
        queue.entries = entries;
        queue.vector = vector;
        completions.put(number, queue);
    }

    // ---- commands

    private synchronized void work() {
        for (int number : List.copyOf(submissions.keySet())) {
            Submissions queue = submissions.get(number);
            while (queue != null && queue.head != queue.tail && (status & SsdRegisters.CSTS_CFS) == 0) {
                byte[] entry = new byte[SubmissionEntry.BYTES];
                dma.read(queue.address + (long) queue.head * SubmissionEntry.BYTES, entry, 0, entry.length);
                queue.head = (queue.head + 1) % queue.entries;
                Command command = parse(number, ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN));
                if (!mischief.handled(this, command)) {
                    execute(command);
                }
                queue = submissions.get(number);
            }
        }
    }

    private static Command parse(int queue, ByteBuffer entry) {
        return new Command(
                queue,
                entry.getShort(SubmissionEntry.CID) & 0xffff,
                entry.get(SubmissionEntry.OPCODE) & 0xff,
                entry.getInt(SubmissionEntry.NSID),
                entry.getLong(SubmissionEntry.PRP1),
                entry.getLong(SubmissionEntry.PRP2),
                entry.getLong(SubmissionEntry.CDW10),
                entry.getLong(SubmissionEntry.CDW12));
    }

    /** Does what a command says, and completes it. */
    void execute(Command command) {
        if (command.queue() == 0) {
            executeAdmin(command);
        } else {
            complete(command, executeIo(command), 0);
        }
    }

    private void executeAdmin(Command command) {
        int result = 0;
        int outcome = Status.SUCCESS;
        switch (command.opcode()) {
            case AdminOpcode.IDENTIFY -> outcome = answer(command, identify(command));
            case AdminOpcode.GET_LOG_PAGE -> outcome = answer(command, new byte[IdentifyCommand.BYTES]);
            case AdminOpcode.SET_FEATURES ->
                result = command.word10() == Feature.NUMBER_OF_QUEUES
                        ? ((grantedQueues - 1) << 16) | (grantedQueues - 1)
                        : 0;
            case AdminOpcode.GET_FEATURES -> result = 1;
            case AdminOpcode.CREATE_COMPLETION_QUEUE ->
                createCompletions(
                        command.word10() & 0xffff,
                        command.region1(),
                        (command.word10() >>> QueueCommand.SIZE_SHIFT) + 1,
                        command.word11() >>> QueueCommand.VECTOR_SHIFT);
            case AdminOpcode.CREATE_SUBMISSION_QUEUE ->
                createSubmissions(
                        command.word10() & 0xffff,
                        command.region1(),
                        (command.word10() >>> QueueCommand.SIZE_SHIFT) + 1,
                        command.word11() >>> QueueCommand.COMPLETION_QUEUE_SHIFT);
            case AdminOpcode.DELETE_SUBMISSION_QUEUE -> {
                submissions.remove(command.word10());
                story.add("queue deleted");
            }
            case AdminOpcode.DELETE_COMPLETION_QUEUE -> completions.remove(command.word10());
            case AdminOpcode.ABORT -> {
                story.add("abort");
                result = 1;
            }
            case AdminOpcode.ASYNC_EVENT_REQUEST -> {
                eventRequests.add(command);
                return;
            }
            case AdminOpcode.FORMAT_NVM -> {
                story.add("format");
                Arrays.fill(contents[command.namespace() - 1], (byte) 0);
            }
            default -> outcome = Status.INVALID_OPCODE;
        }
        complete(command, outcome, result);
    }

    private int answer(Command command, byte[] page) {
        return dma.write(command.region1(), page, 0, page.length) ? Status.SUCCESS : Status.DATA_TRANSFER_ERROR;
    }

    private byte[] identify(Command command) {
        ByteBuffer page = ByteBuffer.allocate(IdentifyCommand.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        switch (command.word10()) {
            case IdentifyCommand.CNS_CONTROLLER -> {
                page.put(IdentifyController.MODEL_NUMBER, "Fake".getBytes(StandardCharsets.US_ASCII));
                page.put(IdentifyController.MDTS, (byte) 9);
                page.putShort(IdentifyController.ONCS, (short) 0xc);
                page.put(IdentifyController.VWC, (byte) 1);
                page.putInt(IdentifyController.OAES, 1 << 8);
            }
            case IdentifyCommand.CNS_NAMESPACE -> {
                page.putLong(IdentifyNamespace.NSZE, contents[command.namespace() - 1].length / BLOCK_BYTES);
                page.put(IdentifyNamespace.LBAF + 2, (byte) 9);
            }
            default -> {
                for (int id = 1; id <= NAMESPACES; id++) {
                    if (attached[id - 1]) {
                        page.putInt(id);
                    }
                }
            }
        }
        return page.array();
    }

    /** Moves the data of a command; its status. */
    int executeIo(Command command) {
        byte[] disk = contents[command.namespace() - 1];
        int blocks = (int) (command.words12() & NvmOpcode.CDW12_BLOCKS) + 1;
        int at = (int) command.words10() * BLOCK_BYTES;
        int length = blocks * BLOCK_BYTES;
        return switch (command.opcode()) {
            case NvmOpcode.READ -> transfer(command, disk, at, length, true);
            case NvmOpcode.WRITE -> transfer(command, disk, at, length, false);
            case NvmOpcode.WRITE_ZEROES -> {
                Arrays.fill(disk, at, at + length, (byte) 0);
                story.add("zeroes");
                yield Status.SUCCESS;
            }
            case NvmOpcode.DATASET_MANAGEMENT -> deallocate(command, disk);
            case NvmOpcode.FLUSH -> {
                story.add("flush");
                yield Status.SUCCESS;
            }
            default -> Status.INVALID_OPCODE;
        };
    }

    private int deallocate(Command command, byte[] disk) {
        byte[] range = new byte[DatasetManagement.RANGE_BYTES];
        if (!dma.read(command.region1(), range, 0, range.length)) {
            return Status.DATA_TRANSFER_ERROR;
        }
        ByteBuffer fields = ByteBuffer.wrap(range).order(ByteOrder.LITTLE_ENDIAN);
        int first = (int) fields.getLong(DatasetManagement.RANGE_FIRST);
        int count = fields.getInt(DatasetManagement.RANGE_BLOCKS);
        Arrays.fill(disk, first * BLOCK_BYTES, (first + count) * BLOCK_BYTES, (byte) 0);
        story.add("deallocate " + first + "+" + count);
        return Status.SUCCESS;
    }

    private int transfer(Command command, byte[] disk, int at, int length, boolean toMemory) {
        long address = command.region1();
        int done = 0;
        int entry = 0;
        int firstLength = PhysicalRegions.PAGE_BYTES - (int) (address % PhysicalRegions.PAGE_BYTES);
        boolean listed = length - firstLength > PhysicalRegions.PAGE_BYTES;
        long[] next = new long[1];
        while (done < length) {
            int step = Math.min(length - done, done == 0 ? firstLength : PhysicalRegions.PAGE_BYTES);
            boolean moved =
                    toMemory ? dma.write(address, disk, at + done, step) : dma.read(address, disk, at + done, step);
            if (!moved) {
                return Status.DATA_TRANSFER_ERROR;
            }
            done += step;
            if (done < length && listed) {
                if (!dma.readLong(command.region2() + (long) entry++ * Long.BYTES, next, 0)) {
                    return Status.DATA_TRANSFER_ERROR;
                }
                address = next[0];
            } else {
                address = command.region2();
            }
        }
        return Status.SUCCESS;
    }

    // ---- completions

    /** Completes a command and interrupts. */
    void complete(Command command, int outcome, int result) {
        post(command.queue(), command.queue(), command.id(), outcome << CompletionEntry.STATUS_SHIFT, result);
        raise(command.queue());
    }

    /** Interrupts for a submission queue's completions. */
    void raise(int queue) {
        Submissions from = submissions.get(queue);
        Completions to = from == null ? null : completions.get(from.completionQueue);
        if (to != null) {
            interrupt(to.vector);
        }
    }

    /** Posts an entry, true or not; {@code status} is without the phase. */
    void post(int queue, int saidQueue, int id, int statusBits, int result) {
        Submissions from = submissions.get(queue);
        Completions to = from == null ? null : completions.get(from.completionQueue);
        if (to == null) {
            return;
        }
        long at = to.address + (long) to.tail * CompletionEntry.BYTES;
        dma.writeLong(at, Integer.toUnsignedLong(result));
        long last = ((long) (statusBits | to.phase) << 48) | ((long) id << 32) | ((long) saidQueue << 16) | from.head;
        dma.writeLong(at + Long.BYTES, last);
        to.tail++;
        if (to.tail == to.entries) {
            to.tail = 0;
            to.phase ^= 1;
        }
    }
}
