// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import java.util.LinkedHashMap;
import java.util.Map;
import kernel.core.execution.RawLock;

/**
 * Who has the pages of one file mapped, so that pages can be taken away from all of them (Linux: i_mmap and mm/rmap.c). Callable in any context.
 *
 * <p>A fault notes the {@link #generation} before it asks for a page and maps the page only if it is still the same: so nobody maps a page that was
 * taken away while he was on his way with it. Lock order: this lock, then the page tables of a space.
 */
public final class ReverseMap {
    private final RawLock lock = new RawLock();
    /** With the number of its areas; in the order in which they came, and so the same in every run. */
    private final Map<AddressSpace, Integer> spaces = new LinkedHashMap<>();

    private volatile long generation;

    /** Changes whenever pages are taken away or write-protected. */
    long generation() {
        return generation;
    }

    void add(AddressSpace space) {
        lock.acquire();
        spaces.merge(space, 1, Integer::sum);
        lock.release();
    }

    void remove(AddressSpace space) {
        lock.acquire();
        spaces.computeIfPresent(space, (key, areas) -> areas == 1 ? null : areas - 1);
        lock.release();
    }

    /** Whether anybody has mapped the file. */
    public boolean isEmpty() {
        lock.acquire();
        boolean empty = spaces.isEmpty();
        lock.release();
        return empty;
    }

    /**
     * Takes pages away from all who have them mapped; who touches one again asks the pager (Linux: unmap_mapping_range).
     *
     * @param offset in the file, in bytes
     * @param bytes {@link Long#MAX_VALUE} for all behind it
     * @param evenCopies whether the private copies of such pages go, too, as when the file is truncated
     */
    public void unmap(long offset, long bytes, boolean evenCopies) {
        lock.acquire();
        long generationBefore = generation;
        generation = generationBefore + 1;
        for (AddressSpace space : spaces.keySet()) {
            space.takeAway(this, offset, endOf(offset, bytes), evenCopies);
        }
        lock.release();
    }

    /**
     * Makes pages of shared mappings read-only until {@code makeWritable} is asked again (Linux: page_mkclean).
     *
     * @return whether one of them was writable
     */
    public boolean writeProtect(long offset, long bytes) {
        lock.acquire();
        long generationBefore = generation;
        generation = generationBefore + 1;
        boolean any = false;
        for (AddressSpace space : spaces.keySet()) {
            any |= space.writeProtect(this, offset, endOf(offset, bytes));
        }
        lock.release();
        return any;
    }

    private static long endOf(long offset, long bytes) {
        return bytes > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + bytes;
    }
}
