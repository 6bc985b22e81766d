// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import kernel.api.block.BlockDevice;
import kernel.core.execution.RawLock;

/** The transfers between pages and one device that are not under way, kept for the next who needs one. Any context. */
final class TransferPool {
    /** A megabyte in one transfer. */
    private static final int PAGES_MAX = 256;

    private static final int KEPT = 64;

    private final RawLock lock = new RawLock();
    private final BlockDevice device;
    private final PageTransfer[] idle = new PageTransfer[KEPT];
    private int count;

    TransferPool(BlockDevice device) {
        this.device = device;
    }

    PageTransfer take() {
        lock.acquire();
        PageTransfer transfer = count > 0 ? idle[--count] : null;
        lock.release();
        return transfer != null ? transfer : new PageTransfer(this, device.newBio(PAGES_MAX), PAGES_MAX);
    }

    void give(PageTransfer transfer) {
        lock.acquire();
        if (count < KEPT) {
            idle[count++] = transfer;
        }
        lock.release();
    }
}
