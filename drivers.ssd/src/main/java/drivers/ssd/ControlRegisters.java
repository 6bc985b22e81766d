// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static hardware.ssd.registers.SsdRegisters.ACQ;
import static hardware.ssd.registers.SsdRegisters.ACQ_HIGH;
import static hardware.ssd.registers.SsdRegisters.AQA;
import static hardware.ssd.registers.SsdRegisters.ASQ;
import static hardware.ssd.registers.SsdRegisters.ASQ_HIGH;
import static hardware.ssd.registers.SsdRegisters.CAP;
import static hardware.ssd.registers.SsdRegisters.CAP_HIGH;
import static hardware.ssd.registers.SsdRegisters.CC;
import static hardware.ssd.registers.SsdRegisters.CSTS;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ETIMEDOUT;

import hardware.ssd.registers.SsdRegisters;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;
import kernel.api.device.IoMemory;
import kernel.api.device.ProbeException;

/** The registers that start and stop the controller. What waits is for one caller at a time, in process context. */
final class ControlRegisters {
    /** What registers read as when the device has been pulled out. */
    private static final int PULLED_OUT = -1;

    private static final long READY_UNIT_NANOS = 500_000_000;
    /** How long a shutdown may take (Linux: shutdown_timeout). */
    private static final long SHUTDOWN_NANOS = 5_000_000_000L;

    private static final long POLL_FIRST_NANOS = 10_000;
    private static final long POLL_MOST_NANOS = 1_000_000;

    private final IoMemory registers;
    private final int capabilities;

    /** @throws ProbeException ENODEV when the device has gone or is something else */
    ControlRegisters(BoundDevice device) {
        registers = device.registers();
        capabilities = registers.read(device.initContext(), CAP);
        int high = registers.read(device.initContext(), CAP_HIGH);
        boolean usable = (high & SsdRegisters.CAP_HIGH_CSS_NVM) != 0
                && (high & (SsdRegisters.CAP_HIGH_DSTRD | SsdRegisters.CAP_HIGH_MPSMIN)) == 0;
        if (isGone(device.initContext()) || !usable) {
            throw new ProbeException(
                    ENODEV,
                    "%s: CAP %08x %08x is of no controller that this driver knows"
                            .formatted(device.name(), high, capabilities));
        }
    }

    /** The most entries of an I/O queue. */
    int queueEntriesMax() {
        return (capabilities & SsdRegisters.CAP_MQES) + 1;
    }

    boolean isGone(Context context) {
        return registers.read(context, CSTS) == PULLED_OUT;
    }

    /** Whether nothing but a reset helps. */
    boolean isFatal(Context context) {
        return (registers.read(context, CSTS) & SsdRegisters.CSTS_CFS) != 0;
    }

    /** Resets the controller; afterwards it touches no memory. 0, -ENODEV, -ETIMEDOUT. May sleep. */
    int disable(ProcessContext context) {
        registers.write(context, CC, 0);
        return await(context, SsdRegisters.CSTS_RDY, 0, readyNanos());
    }

    /** Starts it with those admin queues. 0, -ENODEV, -ETIMEDOUT, -EIO when it says that it is broken. May sleep. */
    int enable(ProcessContext context, QueuePair admin) {
        int last = admin.entries() - 1;
        registers.write(context, AQA, last << Short.SIZE | last);
        registers.write(context, ASQ, (int) admin.submissionAddress());
        registers.write(context, ASQ_HIGH, (int) (admin.submissionAddress() >>> Integer.SIZE));
        registers.write(context, ACQ, (int) admin.completionAddress());
        registers.write(context, ACQ_HIGH, (int) (admin.completionAddress() >>> Integer.SIZE));
        registers.write(context, CC, SsdRegisters.CC_START);
        return await(context, SsdRegisters.CSTS_RDY, SsdRegisters.CSTS_RDY, readyNanos());
    }

    /** Tells it that power may go, and waits until it is ready for that: all data is on flash. 0 or as {@link #disable}. May sleep. */
    int shutDown(ProcessContext context) {
        registers.write(context, CC, SsdRegisters.CC_START | SsdRegisters.CC_SHN_NORMAL);
        return await(context, SsdRegisters.CSTS_SHST, SsdRegisters.CSTS_SHST_COMPLETE, SHUTDOWN_NANOS);
    }

    private long readyNanos() {
        return (capabilities >>> 24) * READY_UNIT_NANOS;
    }

    private int await(ProcessContext context, int mask, int wanted, long timeoutNanos) {
        long deadline = context.nanoTime() + timeoutNanos;
        for (long pause = POLL_FIRST_NANOS; ; pause = Math.min(2 * pause, POLL_MOST_NANOS)) {
            int status = registers.read(context, CSTS);
            if (status == PULLED_OUT) {
                return -ENODEV;
            }
            if ((status & mask) == wanted) {
                return 0;
            }
            if (wanted != 0 && (status & SsdRegisters.CSTS_CFS) != 0) {
                return -EIO;
            }
            if (context.nanoTime() >= deadline) {
                return -ETIMEDOUT;
            }
            context.sleep(pause);
        }
    }
}
