// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENODEV;

import java.util.List;
import kernel.api.lock.Mutex;
import kernel.core.execution.Task;

/** What can be changed of a disk while it is in use (Linux: block/elevator.c, blk_mq_update_nr_requests). Process context, may sleep. */
final class DiskSettings {
    static final String NONE = "none";

    private static final List<String> SCHEDULERS = List.of(DeadlineScheduler.NAME, FairScheduler.NAME, NONE);
    /** Linux: BLKDEV_MIN_RQ, BLKDEV_DEFAULT_RQ, MAX_SCHED_RQ. */
    private static final int REQUESTS_MIN = 4;

    private static final int REQUESTS_DEFAULT = 128;
    private static final int REQUESTS_MAX = 16 * REQUESTS_DEFAULT;

    private DiskSettings() {}

    /** The schedulers, the one in use in brackets. */
    static String schedulers(GenericDisk disk) {
        String current = name(disk);
        StringBuilder text = new StringBuilder();
        for (String name : SCHEDULERS) {
            text.append(text.isEmpty() ? "" : " ").append(name.equals(current) ? "[" + name + "]" : name);
        }
        return text.toString();
    }

    private static String name(GenericDisk disk) {
        Scheduler scheduler = disk.scheduler();
        return scheduler == null ? NONE : scheduler.name();
    }

    /** Changes the scheduler, when all that is under way is over. 0, or -EINVAL for a name that is none, -ENODEV. */
    static int setScheduler(Task task, GenericDisk disk, String name) {
        if (!SCHEDULERS.contains(name)) {
            return -EINVAL;
        }
        Mutex settings = disk.settingsLock();
        settings.lock(task);
        try {
            if (disk.isGone()) {
                return -ENODEV;
            }
            if (!name.equals(name(disk))) {
                freeze(task, disk);
                disk.setScheduler(newScheduler(name));
                setRequests(task, disk, defaultRequests(disk));
                unfreeze(task, disk);
            }
            return 0;
        } finally {
            settings.unlock(task);
        }
    }

    private static Scheduler newScheduler(String name) {
        return switch (name) {
            case DeadlineScheduler.NAME -> new DeadlineScheduler();
            case FairScheduler.NAME -> new FairScheduler();
            default -> null;
        };
    }

    /** Without a scheduler as many as there are tags, with one twice as many, for it to choose among. */
    private static int defaultRequests(GenericDisk disk) {
        int depth = disk.tagSet().depth();
        return disk.scheduler() == null ? depth : 2 * Math.min(depth, REQUESTS_DEFAULT);
    }

    static int requests(GenericDisk disk) {
        return disk.queues()[0].pool().limit();
    }

    /** Changes how many requests may wait and be under way by each hardware queue. 0 or a negative errno. */
    static int changeRequests(Task task, GenericDisk disk, long count) {
        Mutex settings = disk.settingsLock();
        settings.lock(task);
        try {
            int most = disk.scheduler() == null ? disk.tagSet().depth() : REQUESTS_MAX;
            if (count > most) {
                return -EINVAL;
            }
            setRequests(task, disk, Math.max((int) count, Math.min(REQUESTS_MIN, most)));
            return 0;
        } finally {
            settings.unlock(task);
        }
    }

    private static void setRequests(Task task, GenericDisk disk, int count) {
        for (DiskQueue queue : disk.queues()) {
            queue.pool().setLimit(task, count);
        }
    }

    /** Until nothing of the disk waits or is under way; nothing new begins (Linux: blk_mq_freeze_queue). */
    private static void freeze(Task task, GenericDisk disk) {
        for (DiskQueue queue : disk.queues()) {
            queue.pool().freeze();
        }
        for (DiskQueue queue : disk.queues()) {
            queue.pool().awaitEmpty(task);
        }
    }

    private static void unfreeze(Task task, GenericDisk disk) {
        for (DiskQueue queue : disk.queues()) {
            queue.pool().unfreeze(task);
        }
    }
}
