// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

/** What one disk has waiting for one hardware queue while it has no scheduler, and its requests for it (Linux: struct blk_mq_hw_ctx). */
final class DiskQueue {
    private final GenericDisk disk;
    private final HardwareQueue queue;
    private final RequestPool pool;
    private final SoftwareQueue[] software;
    private int nextSoftware;

    /** @param processors how many processors send by this queue */
    DiskQueue(GenericDisk disk, HardwareQueue queue, int processors) {
        this.disk = disk;
        this.queue = queue;
        pool = new RequestPool(disk, queue.depth());
        software = new SoftwareQueue[Math.max(1, processors)];
        for (int i = 0; i < software.length; i++) {
            software[i] = new SoftwareQueue();
        }
    }

    GenericDisk disk() {
        return disk;
    }

    HardwareQueue queue() {
        return queue;
    }

    RequestPool pool() {
        return pool;
    }

    SoftwareQueue software(int index) {
        return software[index];
    }

    /** Whether something waits, with a scheduler or without. */
    boolean hasWork() {
        if (hasSoftwareWork()) {
            return true;
        }
        Scheduler scheduler = disk.scheduler();
        return scheduler != null && scheduler.size() > 0;
    }

    boolean hasSoftwareWork() {
        for (SoftwareQueue one : software) {
            if (one.size() > 0) {
                return true;
            }
        }
        return false;
    }

    /** The next one to send, or null. By whoever dispatches the hardware queue. */
    Request poll(long now) {
        Scheduler scheduler = disk.scheduler();
        if (scheduler != null && scheduler.size() > 0) {
            Request request = scheduler.poll(now);
            if (request != null) {
                return request;
            }
        }
        for (int i = 0; i < software.length; i++) {
            Request request = software[nextSoftware].poll();
            nextSoftware = (nextSoftware + 1) % software.length;
            if (request != null) {
                return request;
            }
        }
        return null;
    }
}
