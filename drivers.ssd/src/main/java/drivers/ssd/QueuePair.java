// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static kernel.uapi.Errno.ENOMEM;

import hardware.machine.bus.Register.WriteOnly;
import hardware.ssd.registers.CompletionEntry;
import hardware.ssd.registers.SsdRegisters;
import hardware.ssd.registers.SubmissionEntry;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;
import kernel.api.device.IoMemory;
import kernel.api.device.ProbeException;
import kernel.api.dma.CoherentMemory;
import kernel.api.memory.Gfp;

/**
 * A submission queue and its completion queue, both in memory, with their doorbells. Entries are submitted by one processor at a time; completions
 * are consumed by one at a time, too, without a lock: who finds somebody consuming leaves it to that one.
 */
final class QueuePair {
    /** Is told of each completion. Any context; must not sleep. */
    @FunctionalInterface
    interface Consumer {
        /**
         * A completion has come.
         *
         * @param queue the submission queue that the device says it is for
         * @param status 15 bits: {@link StatusCode} reads them
         */
        void completed(Context context, int queue, int commandId, int status, int result);
    }

    private static final int IDLE = 0;
    private static final int CONSUMING = 1;
    private static final int CONSUME_AGAIN = 2;

    private final IoMemory registers;
    private final int number;
    private final int entries;
    private final Consumer consumer;
    private final CoherentMemory submissions;
    private final CoherentMemory completions;
    private final WriteOnly tailDoorbell;
    private final WriteOnly headDoorbell;
    private int tail;
    private final AtomicInteger consuming = new AtomicInteger();
    private int head;
    private int phase = 1;

    /**
     * Allocates the queues.
     *
     * @param entries of each; one more than commands that are ever under way
     * @throws ProbeException ENOMEM
     */
    QueuePair(BoundDevice device, int number, int entries, Consumer consumer) {
        registers = device.registers();
        this.number = number;
        this.entries = entries;
        this.consumer = consumer;
        submissions = allocate(device, (long) entries * SubmissionEntry.BYTES);
        completions = allocate(device, (long) entries * CompletionEntry.BYTES);
        tailDoorbell = SsdRegisters.submissionTail(number);
        headDoorbell = SsdRegisters.completionHead(number);
    }

    static CoherentMemory allocate(BoundDevice device, long bytes) {
        CoherentMemory memory = device.dma().allocateCoherent(bytes, Gfp.KERNEL);
        if (memory == null) {
            throw new ProbeException(ENOMEM, bytes + " bytes for queues");
        }
        return memory;
    }

    int number() {
        return number;
    }

    int entries() {
        return entries;
    }

    long submissionAddress() {
        return submissions.busAddress();
    }

    long completionAddress() {
        return completions.busAddress();
    }

    /** As new, for a controller that has been reset and touches no memory. Waits for a handler that is still at it. */
    void clear(ProcessContext context) {
        while (!consuming.compareAndSet(IDLE, CONSUMING)) {
            context.yieldProcessor();
        }
        tail = 0;
        head = 0;
        phase = 1;
        completions.clear(0, completions.sizeBytes());
        consuming.set(IDLE);
    }

    /** Writes an entry at the tail; the device learns of it by {@link #ring}. Two words of the command go into one long, the first in the lower half. */
    void put(
            int opcode,
            int commandId,
            int namespace,
            long region1,
            long region2,
            long words10,
            long words12,
            long words14) {
        int at = tail * SubmissionEntry.BYTES;
        submissions.putLong(
                at + SubmissionEntry.OPCODE,
                (long) namespace << Integer.SIZE | (long) commandId << Short.SIZE | opcode);
        submissions.putLong(at + SubmissionEntry.NSID + Integer.BYTES, 0);
        submissions.putLong(at + SubmissionEntry.MPTR, 0);
        submissions.putLong(at + SubmissionEntry.PRP1, region1);
        submissions.putLong(at + SubmissionEntry.PRP2, region2);
        submissions.putLong(at + SubmissionEntry.CDW10, words10);
        submissions.putLong(at + SubmissionEntry.CDW12, words12);
        submissions.putLong(at + SubmissionEntry.CDW14, words14);
        tail = tail + 1 == entries ? 0 : tail + 1;
    }

    /** Two words of a command as {@link #put} wants them. */
    static long words(int lower, int upper) {
        return ((long) upper << Integer.SIZE) | (lower & 0xffff_ffffL);
    }

    void ring(Context context) {
        registers.write(context, tailDoorbell, tail);
    }

    /**
     * Consumes what has been completed, at most as much as the queue can hold for each interrupt. Any context.
     *
     * @return false when there was nothing
     */
    boolean poll(Context context) {
        for (int state = consuming.get();
                state != IDLE || !consuming.compareAndSet(IDLE, CONSUMING);
                state = consuming.get()) {
            if (state == CONSUME_AGAIN || (state == CONSUMING && consuming.compareAndSet(CONSUMING, CONSUME_AGAIN))) {
                return true;
            }
        }
        boolean any = false;
        do {
            consuming.set(CONSUMING);
            any |= consume(context);
        } while (!consuming.compareAndSet(CONSUMING, IDLE));
        return any;
    }

    private boolean consume(Context context) {
        int count = 0;
        while (count < entries) {
            int at = head * CompletionEntry.BYTES;
            int last = completions.getIntAcquire(at + CompletionEntry.CID);
            int status = last >>> Short.SIZE;
            if ((status & CompletionEntry.STATUS_PHASE) != phase) {
                break;
            }
            int result = completions.getInt(at + CompletionEntry.RESULT);
            int queue = completions.getInt(at + CompletionEntry.SQHD) >>> Short.SIZE;
            count++;
            if (++head == entries) {
                head = 0;
                phase ^= CompletionEntry.STATUS_PHASE;
            }
            consumer.completed(context, queue, last & 0xffff, status >>> CompletionEntry.STATUS_SHIFT, result);
        }
        if (count > 0) {
            registers.write(context, headDoorbell, head);
        }
        return count > 0;
    }
}
