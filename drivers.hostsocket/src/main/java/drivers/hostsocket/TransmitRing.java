// SPDX-License-Identifier: Apache-2.0
package drivers.hostsocket;

import static kernel.uapi.Errno.EFAULT;

import hardware.hostsocket.registers.PortRegisters;
import hardware.hostsocket.registers.Rings;
import kernel.api.context.ProcessContext;
import kernel.api.device.IoMemory;
import kernel.api.dma.CoherentMemory;
import kernel.api.file.UserBuffer;

/** The transmit ring of one connection. Guarded by who writes. */
final class TransmitRing {
    private static final int SLOT_BYTES = 16 * 1024;
    /** What it needs of the buffers' memory. */
    static final int BUFFERS_BYTES = Rings.SLOTS * SLOT_BYTES;

    private final IoMemory registers;
    private final PortRegisters names;
    private final CoherentMemory rings;
    private final CoherentMemory buffers;
    private final int first;
    private final byte[] bounce = new byte[SLOT_BYTES];
    /** How many buffers have been given to the device; read without the lock by who waits for room. */
    private volatile int posted;

    /** @param first where in the buffers' memory its own begin */
    TransmitRing(IoMemory registers, PortRegisters names, CoherentMemory rings, CoherentMemory buffers, int first) {
        this.registers = registers;
        this.names = names;
        this.rings = rings;
        this.buffers = buffers;
        this.first = first;
        for (int slot = 0; slot < Rings.SLOTS; slot++) {
            rings.putLong(
                    Rings.transmitDescriptor(slot) + Rings.DESCRIPTOR_ADDRESS, buffers.busAddress() + bufferOf(slot));
        }
    }

    private int bufferOf(int number) {
        return first + (number & Rings.SLOTS - 1) * SLOT_BYTES;
    }

    boolean hasRoom() {
        return hasRoom(posted);
    }

    private boolean hasRoom(int next) {
        return next - rings.getIntAcquire(Rings.SENT) < Rings.SLOTS;
    }

    boolean isEmpty() {
        return posted == rings.getIntAcquire(Rings.SENT);
    }

    /**
     * Copies bytes to send, as many as there is room for, and tells the device once.
     *
     * @param from how far into the user's buffer
     * @return bytes, or -EFAULT when not one could be copied
     */
    long copyIn(ProcessContext context, UserBuffer buffer, long from) {
        int before = posted;
        int next = before;
        long done = 0;
        long missed = 0;
        while (missed == 0 && from + done < buffer.length() && hasRoom(next)) {
            int piece = (int) Math.min(SLOT_BYTES, buffer.length() - from - done);
            missed = context.copyFromUser(bounce, 0, buffer, from + done, piece);
            int copied = piece - (int) missed;
            if (copied > 0) {
                buffers.write(bufferOf(next), bounce, 0, copied);
                rings.putInt(Rings.transmitDescriptor(next) + Rings.DESCRIPTOR_LENGTH, copied);
                next++;
                done += copied;
            }
        }
        if (next != before) {
            posted = next;
            registers.write(context, names.transmitPosted, posted);
        }
        return done == 0 && missed > 0 ? -EFAULT : done;
    }
}
