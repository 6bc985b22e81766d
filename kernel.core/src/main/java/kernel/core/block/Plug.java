// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import kernel.api.context.ProcessContext;
import kernel.core.execution.SleepHook;
import kernel.core.execution.Task;

/**
 * Requests that a task holds back while it makes more, so that neighbours become one and the doorbell is rung once (Linux: struct blk_plug). Goes off when
 * it is full, when the task sleeps, and at its end.
 *
 * <pre>
 *   Plug plug = Plug.start(context);
 *   try { many bios } finally { Plug.finish(context, plug); }
 * </pre>
 */
public final class Plug implements SleepHook {
    /** Linux: BLK_MAX_REQUEST_COUNT. */
    private static final int REQUESTS_MAX = 32;
    /** A request that has grown to that is not held back for more (Linux: BLK_PLUG_FLUSH_SIZE). */
    private static final int BYTES_MAX = 128 << 10;

    private final Request[] requests = new Request[REQUESTS_MAX];
    private int count;

    private Plug() {}

    /** Begins to hold back what the task submits. Null when it does already: the outer one counts. */
    public static Plug start(ProcessContext context) {
        Task task = (Task) context;
        if (task.sleepHook() != null) {
            return null;
        }
        Plug plug = new Plug();
        task.setSleepHook(plug);
        return plug;
    }

    /** As {@link #start}, with one that its user keeps and uses again. */
    public static Plug start(ProcessContext context, Plug kept) {
        Task task = (Task) context;
        if (task.sleepHook() != null) {
            return null;
        }
        task.setSleepHook(kept);
        return kept;
    }

    /** One to keep; see {@link #start(ProcessContext, Plug)}. */
    public static Plug kept() {
        return new Plug();
    }

    /**
     * Sends what was held back.
     *
     * @param plug what {@link #start} answered
     */
    public static void finish(ProcessContext context, Plug plug) {
        if (plug != null) {
            Task task = (Task) context;
            task.setSleepHook(null);
            plug.send(task);
        }
    }

    /** The task's plug, or null. */
    static Plug of(Task task) {
        return task.sleepHook() instanceof Plug plug ? plug : null;
    }

    boolean merge(Fragment fragment, GenericDisk disk, QueueLimits limits) {
        for (int i = count - 1; i >= 0; i--) {
            if (requests[i].disk == disk && Merging.into(requests[i], fragment, limits)) {
                return true;
            }
        }
        return false;
    }

    void add(Task task, Request request) {
        if (count == REQUESTS_MAX || (count > 0 && requests[count - 1].bytes >= BYTES_MAX)) {
            send(task);
        }
        requests[count++] = request;
    }

    @Override
    public void beforeSleep(Task task) {
        send(task);
    }

    private void send(Task task) {
        while (count > 0) {
            // Sending may put the task aside, but nobody else comes to this plug meanwhile.
            GenericDisk disk = requests[0].disk;
            int kept = 0;
            int taken = count;
            count = 0;
            Request first = null;
            Request last = null;
            for (int i = 0; i < taken; i++) {
                Request request = requests[i];
                requests[i] = null;
                if (request.disk != disk) {
                    requests[kept++] = request;
                } else if (last == null) {
                    first = request;
                    last = request;
                } else {
                    last.next = request;
                    last = request;
                }
            }
            count = kept;
            disk.insertAll(task, first);
        }
    }
}
