// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import kernel.core.execution.RawLock;

/** The direct transfers of a device that are at rest. Any context. */
final class DirectIoPool {
    /** Those that are larger are made for one use. */
    static final int PAGES = 256;

    private final RawLock lock = new RawLock();
    private final BlockPart part;
    private DirectIo first;

    DirectIoPool(BlockPart part) {
        this.part = part;
    }

    /** One for at least so many pages. */
    DirectIo take(int pages) {
        if (pages > PAGES) {
            return new DirectIo(this, part, pages);
        }
        lock.acquire();
        DirectIo found = first;
        if (found != null) {
            first = found.next;
        }
        lock.release();
        return found == null ? new DirectIo(this, part, PAGES) : found;
    }

    void give(DirectIo unused) {
        if (unused.pages() == PAGES) {
            lock.acquire();
            unused.next = first;
            first = unused;
            lock.release();
        }
    }
}
