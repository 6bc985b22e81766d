// SPDX-License-Identifier: Apache-2.0
package kernel.core.device;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import kernel.core.execution.Task;

/** What a driver acquired and how each is given back, the newest first (Linux: drivers/base/devres.c). */
final class ManagedResources {
    /** Something acquired, and how it is given back. */
    private record Acquired(Object what, Consumer<Task> release) {}

    private final String device;
    private final Deque<Acquired> acquired = new ArrayDeque<>();
    private final Deque<Acquired> memory = new ArrayDeque<>();
    private boolean released;

    /** @param device for messages */
    ManagedResources(String device) {
        this.device = device;
    }

    synchronized void add(Object what, Consumer<Task> release) {
        checkOpen();
        acquired.addLast(new Acquired(what, release));
    }

    /** As {@link #add}, for what somebody may still use until all others have been given back. */
    synchronized void addMemory(Object what, Consumer<Task> release) {
        checkOpen();
        memory.addLast(new Acquired(what, release));
    }

    /** It has been given back already; false when it was not here. */
    synchronized boolean remove(Object what) {
        return acquired.removeIf(entry -> entry.what() == what) || memory.removeIf(entry -> entry.what() == what);
    }

    /** Asked before something is acquired: it would have nobody to give it back. */
    synchronized void checkOpen() {
        if (released) {
            throw new IllegalStateException(
                    device + " is not bound any more: what a driver acquires now would never be released");
        }
    }

    /** Gives back all but memory. May sleep. */
    void release(Task task, Farewell farewell) {
        release(acquired, task, farewell);
    }

    /** Gives back memory. May sleep. */
    void releaseMemory(Task task, Farewell farewell) {
        release(memory, task, farewell);
    }

    private void release(Deque<Acquired> from, Task task, Farewell farewell) {
        for (Acquired next = takeNewest(from); next != null; next = takeNewest(from)) {
            Acquired going = next;
            farewell.step(() -> going.release().accept(task));
        }
    }

    private synchronized Acquired takeNewest(Deque<Acquired> from) {
        released = true;
        return from.pollLast();
    }
}
