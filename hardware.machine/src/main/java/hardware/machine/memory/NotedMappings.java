// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The mappings of an {@link IommuDomain} as they were made, by the bus address where each begins. Several may be alike where nothing is translated.
 * An open-addressed hash table in one array of longs; allocates only when it has to grow. Under the domain's lock.
 */
final class NotedMappings {
    private static final int FIRST_SLOTS = 16;
    /** Longs of one slot: the bus address plus 1, or 0 for none; the physical address; the length, and the direction in its low bits. */
    private static final int SLOT = 3;

    private static final int DIRECTION_BITS = 2;
    private static final int DIRECTION_MASK = (1 << DIRECTION_BITS) - 1;
    private static final List<DmaDirection> DIRECTIONS = List.of(DmaDirection.values());

    private long[] table = new long[SLOT * FIRST_SLOTS];
    private int slots = FIRST_SLOTS;
    private int shift = Long.SIZE - Integer.numberOfTrailingZeros(FIRST_SLOTS);
    private int size;

    void add(long busAddress, long physicalAddress, long bytes, DmaDirection direction) {
        if (2 * ++size > slots) {
            grow();
        }
        put(busAddress + 1, physicalAddress, (bytes << DIRECTION_BITS) | direction.ordinal());
    }

    /** Forgets one mapping of that address and length; with a direction, one of that direction. False when there is none. */
    boolean remove(long busAddress, long bytes, DmaDirection direction) {
        long key = busAddress + 1;
        int slot = slotOf(key);
        while (table[SLOT * slot] != 0) {
            if (table[SLOT * slot] == key
                    && bytesAt(slot) == bytes
                    && (direction == null || directionAt(slot) == direction)) {
                close(slot);
                size--;
                return true;
            }
            slot = (slot + 1) & (slots - 1);
        }
        return false;
    }

    /** Whether one mapping of that direction has all of the range. */
    boolean covers(long busAddress, long bytes, DmaDirection direction) {
        // Most often the whole of it is asked for.
        long key = busAddress + 1;
        for (int slot = slotOf(key); table[SLOT * slot] != 0; slot = (slot + 1) & (slots - 1)) {
            if (table[SLOT * slot] == key && bytes <= bytesAt(slot) && directionAt(slot) == direction) {
                return true;
            }
        }
        for (int slot = 0; slot < slots; slot++) {
            if (contains(slot, busAddress) && directionAt(slot) == direction) {
                long offset = busAddress - (table[SLOT * slot] - 1);
                if (bytes <= bytesAt(slot) - offset) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A mapping that has that bus address, preferably one that begins there, or null. */
    IommuDomain.Mapping at(long busAddress) {
        IommuDomain.Mapping found = null;
        for (int slot = 0; slot < slots; slot++) {
            if (contains(slot, busAddress)) {
                found = mapping(slot);
                if (found.busAddress() == busAddress) {
                    return found;
                }
            }
        }
        return found;
    }

    /** All, in ascending order of bus address, those that begin together by their length. */
    List<IommuDomain.Mapping> list() {
        return IntStream.range(0, slots)
                .filter(slot -> table[SLOT * slot] != 0)
                .mapToObj(this::mapping)
                .sorted(Comparator.comparingLong(IommuDomain.Mapping::busAddress)
                        .thenComparingLong(IommuDomain.Mapping::bytes)
                        .thenComparingLong(IommuDomain.Mapping::physicalAddress)
                        .thenComparing(IommuDomain.Mapping::direction))
                .toList();
    }

    void clear() {
        Arrays.fill(table, 0);
        size = 0;
    }

    private boolean contains(int slot, long busAddress) {
        long key = table[SLOT * slot];
        return key != 0 && busAddress >= key - 1 && busAddress - (key - 1) < bytesAt(slot);
    }

    private IommuDomain.Mapping mapping(int slot) {
        return new IommuDomain.Mapping(
                table[SLOT * slot] - 1, table[SLOT * slot + 1], bytesAt(slot), directionAt(slot));
    }

    private long bytesAt(int slot) {
        return table[SLOT * slot + 2] >>> DIRECTION_BITS;
    }

    private DmaDirection directionAt(int slot) {
        return DIRECTIONS.get((int) table[SLOT * slot + 2] & DIRECTION_MASK);
    }

    private void put(long key, long physicalAddress, long what) {
        int slot = slotOf(key);
        while (table[SLOT * slot] != 0) {
            slot = (slot + 1) & (slots - 1);
        }
        table[SLOT * slot] = key;
        table[SLOT * slot + 1] = physicalAddress;
        table[SLOT * slot + 2] = what;
    }

    /** Empties a slot; those behind it that were pushed away from their places move up. */
    private void close(int slot) {
        int hole = slot;
        int mask = slots - 1;
        for (int next = (hole + 1) & mask; table[SLOT * next] != 0; next = (next + 1) & mask) {
            int home = slotOf(table[SLOT * next]);
            if (((next - home) & mask) >= ((next - hole) & mask)) {
                System.arraycopy(table, SLOT * next, table, SLOT * hole, SLOT);
                hole = next;
            }
        }
        table[SLOT * hole] = 0;
    }

    private void grow() {
        long[] old = table;
        slots *= 2;
        shift--;
        table = new long[SLOT * slots];
        for (int slot = 0; slot < old.length; slot += SLOT) {
            if (old[slot] != 0) {
                put(old[slot], old[slot + 1], old[slot + 2]);
            }
        }
    }

    private int slotOf(long key) {
        return (int) ((key * BusPages.GOLDEN) >>> shift);
    }
}
