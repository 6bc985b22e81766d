// SPDX-License-Identifier: Apache-2.0
package drivers.hostsocket;

import static kernel.uapi.Errno.EFAULT;

import hardware.hostsocket.registers.PortRegisters;
import hardware.hostsocket.registers.Rings;
import kernel.api.context.ProcessContext;
import kernel.api.device.IoMemory;
import kernel.api.dma.CoherentMemory;
import kernel.api.file.UserBuffer;

/** The receive ring of one connection. Every slot has a buffer of its own for good; what has been read is posted again. Guarded by who reads. */
final class ReceiveRing {
    private static final int SLOT_BYTES = 16 * 1024;
    /** What it needs of the buffers' memory. */
    static final int BUFFERS_BYTES = Rings.SLOTS * SLOT_BYTES;

    private final IoMemory registers;
    private final PortRegisters names;
    private final CoherentMemory rings;
    private final CoherentMemory buffers;
    private final int first;
    private final byte[] bounce = new byte[SLOT_BYTES];
    /** How many buffers have been read to their end; read without the lock by who waits for more. */
    private volatile int taken;

    private int offset;

    /** @param first where in the buffers' memory its own begin */
    ReceiveRing(IoMemory registers, PortRegisters names, CoherentMemory rings, CoherentMemory buffers, int first) {
        this.registers = registers;
        this.names = names;
        this.rings = rings;
        this.buffers = buffers;
        this.first = first;
        for (int slot = 0; slot < Rings.SLOTS; slot++) {
            int descriptor = Rings.receiveDescriptor(slot);
            rings.putLong(descriptor + Rings.DESCRIPTOR_ADDRESS, buffers.busAddress() + bufferOf(slot));
            rings.putInt(descriptor + Rings.DESCRIPTOR_LENGTH, SLOT_BYTES);
        }
    }

    private int bufferOf(int number) {
        return first + (number & Rings.SLOTS - 1) * SLOT_BYTES;
    }

    /** Gives the device all buffers that nobody reads. */
    void post(ProcessContext context) {
        registers.write(context, names.receivePosted, taken + Rings.SLOTS);
    }

    boolean hasMore() {
        return received() != taken;
    }

    private int received() {
        return rings.getIntAcquire(Rings.RECEIVED);
    }

    /** Copies what has come, as much as fits. Bytes, 0 when nothing has come, or -EFAULT. */
    long copyOut(ProcessContext context, UserBuffer to) {
        int before = taken;
        int next = before;
        long done = 0;
        long missed = 0;
        while (missed == 0 && done < to.length() && next != received()) {
            // Never more than the buffer, whatever the device says.
            int used = Math.clamp(rings.getInt(Rings.receiveDescriptor(next) + Rings.DESCRIPTOR_USED), 0, SLOT_BYTES);
            int piece = (int) Math.min(used - offset, to.length() - done);
            buffers.read(bufferOf(next) + offset, bounce, 0, piece);
            missed = context.copyToUser(to, done, bounce, 0, piece);
            int copied = piece - (int) missed;
            done += copied;
            offset += copied;
            if (offset == used) {
                next++;
                offset = 0;
            }
        }
        if (next != before) {
            taken = next;
            post(context);
        }
        return done == 0 && missed > 0 ? -EFAULT : done;
    }
}
