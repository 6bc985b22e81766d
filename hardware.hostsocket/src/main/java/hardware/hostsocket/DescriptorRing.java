// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import hardware.hostsocket.registers.Rings;
import hardware.machine.memory.DmaPort;

/**
 * The device's own copy of the descriptors that were posted and are not used up: fetched once, so that what software changes later confuses nobody.
 * Guarded by its port's lock.
 */
final class DescriptorRing {
    private static final int MASK = Rings.SLOTS - 1;

    private final DmaPort dma;
    private final int descriptors;
    private final long[] addresses = new long[Rings.SLOTS];
    private final int[] lengths = new int[Rings.SLOTS];
    private int first;
    private int posted;

    /** @param descriptors how far into the rings' memory the ring begins */
    DescriptorRing(DmaPort dma, int descriptors) {
        this.dma = dma;
        this.descriptors = descriptors;
    }

    void clear() {
        first = 0;
        posted = 0;
    }

    /**
     * Fetches what has been posted since the last time.
     *
     * @return false when memory could not be reached or what is there makes no sense
     */
    boolean fetch(long rings, int newPosted) {
        if (Integer.compareUnsigned(newPosted - first, Rings.SLOTS) > 0 || newPosted - posted < 0) {
            return false;
        }
        for (; posted != newPosted; posted++) {
            int slot = posted & MASK;
            long at = rings + descriptors + (long) slot * Rings.DESCRIPTOR_BYTES;
            if (!dma.readLong(at + Rings.DESCRIPTOR_ADDRESS, addresses, slot)
                    || !dma.readInt(at + Rings.DESCRIPTOR_LENGTH, lengths, slot)
                    || lengths[slot] < 1
                    || lengths[slot] > Rings.LENGTH_MAX) {
                return false;
            }
        }
        return true;
    }

    /** How many there are. */
    int count() {
        return posted - first;
    }

    /** The sum of their lengths. */
    int bytes() {
        int sum = 0;
        for (int i = 0; i < count(); i++) {
            sum += length(i);
        }
        return sum;
    }

    /** The bus address of the buffer of one of them, 0 being the oldest. */
    long address(int index) {
        return addresses[first + index & MASK];
    }

    int length(int index) {
        return lengths[first + index & MASK];
    }

    /** How many have been used up since {@link #clear}, which is also the number of the oldest that has not. */
    int used() {
        return first;
    }

    void use(int count) {
        first += count;
    }
}
