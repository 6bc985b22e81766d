// SPDX-License-Identifier: Apache-2.0
package userland.fake;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import kernel.uapi.Limits;

/** The address space of one process: a heap up to the break, a stack, and nothing between them. */
final class FakeMemory {
    static final long HEAP = 0x1000_0000L;
    private static final long MAPS = 0x2000_0000_0000L;
    static final long STACK_TOP = 0x7fff_0000_0000L;
    private static final long STACK_BYTES = 1L << 20;
    private static final long BREAK_MAX = HEAP + (64L << 20);

    private final Map<Long, byte[]> pages = new HashMap<>();
    private final SortedMap<Long, Long> maps = new TreeMap<>();
    private long nextMap = MAPS;
    private long end = HEAP;
    private long stackPointer = STACK_TOP;

    FakeMemory() {}

    /** A copy, as fork makes it. */
    FakeMemory(FakeMemory parent) {
        parent.pages.forEach((number, page) -> pages.put(number, page.clone()));
        end = parent.end;
        maps.putAll(parent.maps);
        nextMap = parent.nextMap;
    }

    long brk(long address) {
        if (address >= HEAP && address <= BREAK_MAX) {
            end = address;
        }
        return end;
    }

    /** Memory somewhere, with nothing behind it. */
    long map(long length) {
        long address = nextMap;
        nextMap += 2 * length;
        maps.put(address, length);
        return address;
    }

    /** Takes away what was mapped, whole. */
    boolean unmap(long address, long length) {
        for (long page = address; page < address + length; page += Limits.PAGE_SIZE) {
            pages.remove(page / Limits.PAGE_SIZE);
        }
        return maps.remove(address, length);
    }

    /** How many bytes are mapped, beside heap and stack. */
    long mappedBytes() {
        return maps.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Puts bytes on the initial stack, aligned to 16. */
    long push(ByteBuffer bytes) {
        stackPointer = stackPointer - bytes.limit() & -16;
        store(stackPointer, bytes);
        return stackPointer;
    }

    boolean mapped(long address, long length) {
        boolean heap = address >= HEAP && address + length <= end;
        boolean stack = address >= STACK_TOP - STACK_BYTES && address + length <= STACK_TOP;
        return length >= 0 && (heap || stack || inMap(address, length));
    }

    private boolean inMap(long address, long length) {
        SortedMap<Long, Long> below = maps.headMap(address + 1);
        return !below.isEmpty() && address + length <= below.lastKey() + maps.get(below.lastKey());
    }

    void load(long address, byte[] to, int offset, int length) {
        check(address, length);
        for (int done = 0; done < length; ) {
            int inPage = (int) (address + done & Limits.PAGE_SIZE - 1);
            int piece = Math.min(length - done, Limits.PAGE_SIZE - inPage);
            System.arraycopy(page(address + done), inPage, to, offset + done, piece);
            done += piece;
        }
    }

    void store(long address, byte[] from, int offset, int length) {
        check(address, length);
        for (int done = 0; done < length; ) {
            int inPage = (int) (address + done & Limits.PAGE_SIZE - 1);
            int piece = Math.min(length - done, Limits.PAGE_SIZE - inPage);
            System.arraycopy(from, offset + done, page(address + done), inPage, piece);
            done += piece;
        }
    }

    ByteBuffer load(long address, int length) {
        byte[] bytes = new byte[length];
        load(address, bytes, 0, length);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Stores a buffer from its start to its limit. */
    void store(long address, ByteBuffer from) {
        byte[] bytes = new byte[from.limit()];
        from.get(0, bytes);
        store(address, bytes, 0, bytes.length);
    }

    private void check(long address, int length) {
        if (!mapped(address, length)) {
            throw new ProcessEnd.BySignal(kernel.uapi.Signal.SIGSEGV);
        }
    }

    private byte[] page(long address) {
        return pages.computeIfAbsent(address / Limits.PAGE_SIZE, _ -> new byte[Limits.PAGE_SIZE]);
    }
}
