// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileSystemType;
import kernel.core.module.LoadedModule;

/** The kinds of file systems that modules bring, by name, and what of them is mounted (Linux: fs/filesystems.c). Thread-safe. */
public final class FileSystemTable {
    private final TreeMap<String, Entry> types = new TreeMap<>();
    private final List<Use> uses = new ArrayList<>();
    private volatile BiConsumer<ProcessContext, String> loader = (context, alias) -> {};

    private record Entry(FileSystemType type, LoadedModule module) {}

    /** A type that is held for a mount: its module stays until it is given up. */
    public static final class Use {
        private final FileSystemType type;
        private final LoadedModule module;
        private final String user;

        private Use(FileSystemType type, LoadedModule module, String user) {
            this.type = type;
            this.module = module;
            this.user = user;
        }

        public FileSystemType type() {
            return type;
        }
    }

    /** Says who loads the module for an alias such as {@code fs-ext2} (Linux: request_module). */
    public void setLoader(BiConsumer<ProcessContext, String> newLoader) {
        loader = newLoader;
    }

    /**
     * Enters a type.
     *
     * @param module who brings it; null for the kernel itself
     * @return false when there is one of that name
     */
    public synchronized boolean register(FileSystemType type, LoadedModule module) {
        return types.putIfAbsent(type.typeName(), new Entry(type, module)) == null;
    }

    /** Takes a type out; what is mounted of it stays mounted. */
    public synchronized void unregister(FileSystemType type) {
        types.values().removeIf(entry -> entry.type().equals(type));
    }

    /** The names, sorted. */
    public synchronized List<String> names() {
        return List.copyOf(types.keySet());
    }

    /**
     * Takes a type for a mount; a module that may bring it is loaded first. May sleep.
     *
     * @param user what it is for, such as {@code mount /mnt}
     * @return null when nobody knows the type, or its module is on its way out
     */
    public Use take(ProcessContext context, String name, String user) {
        Use use = takeKnown(name, user);
        if (use == null && !isKnown(name)) {
            loader.accept(context, "fs-" + name);
            use = takeKnown(name, user);
        }
        return use;
    }

    private synchronized boolean isKnown(String name) {
        return types.containsKey(name);
    }

    private synchronized Use takeKnown(String name, String user) {
        Entry entry = types.get(name);
        if (entry == null || (entry.module() != null && !entry.module().tryGet())) {
            return null;
        }
        Use use = new Use(entry.type(), entry.module(), user);
        uses.add(use);
        return use;
    }

    /** The mount is no more. Once. */
    public void give(Use use) {
        synchronized (this) {
            uses.remove(use);
        }
        if (use.module != null) {
            use.module.put();
        }
    }

    /** What of a module is mounted, for who wants to unload it. */
    public synchronized List<String> users(LoadedModule module) {
        return uses.stream()
                .filter(use -> module.equals(use.module))
                .map(use -> use.user)
                .toList();
    }
}
