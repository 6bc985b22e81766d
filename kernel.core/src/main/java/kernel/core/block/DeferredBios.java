// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.core.execution.RawLock;
import kernel.core.execution.Task;
import kernel.core.execution.WorkQueue;

/** Bios whose data can be sent only by somebody who may sleep for a request (Linux: kblockd). */
final class DeferredBios {
    private final RawLock lock = new RawLock();
    private final GenericDisk disk;
    private final WorkQueue.Item work;
    private BlockBio first;
    private BlockBio last;

    DeferredBios(GenericDisk disk) {
        this.disk = disk;
        work = disk.newWork("kblockd", this::sendAll);
    }

    /** Any context. */
    void add(Context context, BlockBio bio) {
        lock.acquire();
        bio.next = null;
        if (last == null) {
            first = bio;
        } else {
            last.next = bio;
        }
        last = bio;
        lock.release();
        work.queue(context);
    }

    private void sendAll(ProcessContext context) {
        for (BlockBio bio = take(); bio != null; bio = take()) {
            disk.sendData(context, (Task) context, bio);
        }
    }

    private BlockBio take() {
        lock.acquire();
        BlockBio bio = first;
        if (bio != null) {
            first = bio.next;
            bio.next = null;
            if (first == null) {
                last = null;
            }
        }
        lock.release();
        return bio;
    }
}
