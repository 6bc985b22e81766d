// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * What /proc shows: texts made anew at each open (Linux: proc_create_single). Each part of the kernel enters its own.
 * Thread-safe; the suppliers must not sleep.
 */
public final class ProcTable {
    /** The numbered directories of /proc. */
    public interface Processes {
        List<Integer> pids();

        /** Whether there is a process of that number. */
        default boolean exists(int pid) {
            return pids().contains(pid);
        }

        /** The files in each process's directory, such as {@code status}. */
        List<String> files();

        /** A file of a process; null when the process has gone. */
        String text(int pid, String file);
    }

    private final ConcurrentSkipListMap<String, Supplier<String>> entries = new ConcurrentSkipListMap<>();
    private volatile Processes processes;

    /**
     * Enters a text.
     *
     * @param path below /proc, such as {@code interrupts} or {@code sys/kernel/tainted}
     */
    public void create(String path, Supplier<String> text) {
        entries.put(path, text);
    }

    /** The paths below /proc, sorted. */
    public List<String> paths() {
        return List.copyOf(entries.keySet());
    }

    /** Whether there is an entry of exactly that path. */
    public boolean contains(String path) {
        return entries.containsKey(path);
    }

    /** Whether there are entries below that path. */
    public boolean isDirectory(String path) {
        String first = entries.ceilingKey(path + "/");
        return first != null && first.startsWith(path) && first.charAt(path.length()) == '/';
    }

    /** The text of an entry as of now, or null. */
    public String text(String path) {
        Supplier<String> entry = entries.get(path);
        return entry == null ? null : entry.get();
    }

    public void setProcesses(Processes newProcesses) {
        processes = newProcesses;
    }

    public Processes processes() {
        return processes;
    }
}
