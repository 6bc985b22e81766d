// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.ENODEV;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import kernel.api.context.ProcessContext;

/**
 * What /proc shows: texts made anew at each open (Linux: proc_create_single). Each part of the kernel enters its own.
 * Thread-safe; the suppliers must not sleep.
 */
public final class ProcTable implements TextTable {
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

    private record Entry(Supplier<String> text, Writer writer) {}

    private final ConcurrentSkipListMap<String, Entry> entries = new ConcurrentSkipListMap<>();
    private volatile Processes processes;

    /**
     * Enters a text.
     *
     * @param path below /proc, such as {@code interrupts} or {@code sys/kernel/tainted}
     */
    public void create(String path, Supplier<String> text) {
        entries.put(path, new Entry(text, null));
    }

    /** Enters a text that can be written, too, such as a setting below {@code sys}. */
    public void create(String path, Supplier<String> text, Writer writer) {
        entries.put(path, new Entry(text, writer));
    }

    @Override
    public List<String> paths() {
        return List.copyOf(entries.keySet());
    }

    @Override
    public boolean contains(String path) {
        return entries.containsKey(path);
    }

    @Override
    public boolean isDirectory(String path) {
        String first = entries.ceilingKey(path + "/");
        return first != null && first.startsWith(path) && first.charAt(path.length()) == '/';
    }

    @Override
    public String text(String path) {
        Entry entry = entries.get(path);
        return entry == null ? null : entry.text().get();
    }

    @Override
    public boolean isWritable(String path) {
        Entry entry = entries.get(path);
        return entry != null && entry.writer() != null;
    }

    @Override
    public int write(ProcessContext context, String path, String text) {
        Entry entry = entries.get(path);
        if (entry == null) {
            return -ENODEV;
        }
        if (entry.writer() == null) {
            return -EACCES;
        }
        return entry.writer().store(context, text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    }

    public void setProcesses(Processes newProcesses) {
        processes = newProcesses;
    }

    public Processes processes() {
        return processes;
    }
}
