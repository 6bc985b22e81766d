// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import kernel.uapi.Executable;

/** The programs that bundles brought along, by the path of the file that the name space makes of each. Thread-safe. */
public final class ExecutableTable {
    /** Told of programs that come and go, on whichever thread registers; must be quick and must not sleep. */
    public interface Listener {
        void added(String path, Executable program);

        void removed(String path);
    }

    private final Map<String, Executable> programs = new ConcurrentSkipListMap<>();
    private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Starts to listen; the programs that are there already are added at once. */
    public synchronized void listen(Listener listener) {
        listeners.add(listener);
        programs.forEach(listener::added);
    }

    /**
     * Enters a program.
     *
     * @return false when the path is taken
     */
    public synchronized boolean register(String path, Executable program) {
        if (programs.putIfAbsent(path, program) != null) {
            return false;
        }
        listeners.forEach(listener -> listener.added(path, program));
        return true;
    }

    /** Takes a program out; nothing happens unless it is the one at that path. */
    public synchronized void unregister(String path, Executable program) {
        if (programs.remove(path, program)) {
            listeners.forEach(listener -> listener.removed(path));
        }
    }
}
