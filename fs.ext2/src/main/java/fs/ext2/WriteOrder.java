// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import kernel.api.block.BlockBuffer;
import kernel.api.block.BlockBuffers;
import kernel.api.block.BlockDevice;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileSystemException;
import kernel.api.lock.Mutex;

/**
 * What must be on the device before something else may be, so that e2fsck after a crash finds all that was synced. The kernel and the device write blocks
 * in any order, but for three things:
 *
 * <ul>
 *   <li>a new block of pointers or of names is durable before the first pointer to it is in memory where it could be written: a stale block in its
 *       place would be taken for pointers, and e2fsck clears an inode with too many bad ones;
 *   <li>blocks and inodes that were freed are not given to others before the device has forgotten their owner ({@link Quarantine}): two owners of a
 *       block of pointers are something that e2fsck cannot put right;
 *   <li>a name is not removed before another one of the same file, which is to stay, is durable.
 * </ul>
 */
final class WriteOrder {
    private final BlockDevice device;
    private final BlockBuffers buffers;
    private final Mutex allocation;
    private final List<Quarantine> quarantines = new ArrayList<>();
    private final AtomicLong epoch = new AtomicLong();

    /** @param allocation what guards the quarantines */
    WriteOrder(BlockDevice device, BlockBuffers buffers, Mutex allocation) {
        this.device = device;
        this.buffers = buffers;
        this.allocation = allocation;
    }

    /** Makes a quarantine that ends for what is in it whenever everything was made durable. */
    Quarantine newQuarantine(int groups, int bitsPerGroup) {
        Quarantine quarantine = new Quarantine(groups, bitsPerGroup);
        quarantines.add(quarantine);
        return quarantine;
    }

    /** Makes a changed block durable. May sleep. @throws FileSystemException when it cannot be written */
    void persist(ProcessContext context, BlockBuffer block) {
        block.markDirty();
        check(block.sync(context));
        check(flush(context));
    }

    /** Brings everything that was changed to the device, without a flush: that is for whoever needs it durable. 0 or a negative errno. */
    int write(ProcessContext context) {
        return buffers.sync(context);
    }

    /** Makes everything durable that was changed before the call. May sleep. 0 or a negative errno. */
    int settle(ProcessContext context) {
        allocation.lock(context);
        try {
            return settleLocked(context);
        } finally {
            allocation.unlock(context);
        }
    }

    /** As {@link #settle}, for who holds the allocation mutex. */
    int settleLocked(ProcessContext context) {
        int error = buffers.sync(context);
        if (error == 0) {
            error = flush(context);
        }
        if (error == 0) {
            quarantines.forEach(Quarantine::clear);
            epoch.incrementAndGet();
        }
        return error;
    }

    /** Changes whenever everything was made durable. */
    long epoch() {
        return epoch.get();
    }

    private int flush(ProcessContext context) {
        return device.limits().writeCache() ? device.flush(context) : 0;
    }

    private static void check(int error) {
        if (error < 0) {
            throw new FileSystemException(-error, "write");
        }
    }
}
