// SPDX-License-Identifier: Apache-2.0
package kernel.core.module;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The modules in the kernel, newest first as lsmod lists them. Thread-safe. */
public final class ModuleTable {
    private final LinkedHashMap<String, LoadedModule> modules = new LinkedHashMap<>();

    /**
     * Enters a module that is being loaded.
     *
     * @param parameters parsed values
     * @return null when one of that name is there already (EEXIST)
     */
    public synchronized LoadedModule add(ModuleInfo info, Map<String, Object> parameters) {
        if (modules.containsKey(info.name())) {
            return null;
        }
        LoadedModule module = new LoadedModule(info, parameters);
        modules.putFirst(info.name(), module);
        return module;
    }

    /** Its initialisation is over. */
    public void live(LoadedModule module) {
        module.setState(LoadedModule.State.LIVE);
    }

    /**
     * Begins to unload a module: nobody gets a reference any more.
     *
     * @param force although it is in use
     * @return false when it is in use or being unloaded already (EWOULDBLOCK)
     */
    public boolean beginUnload(LoadedModule module, boolean force) {
        if (!module.close(force)) {
            return false;
        }
        module.setState(LoadedModule.State.UNLOADING);
        return true;
    }

    public synchronized void remove(LoadedModule module) {
        modules.remove(module.name(), module);
    }

    /** The module of that name, {@code -} and {@code _} being the same; or null. */
    public synchronized LoadedModule get(String name) {
        return modules.get(name.replace('-', '_'));
    }

    /** Newest first. */
    public synchronized List<LoadedModule> modules() {
        return List.copyOf(modules.values());
    }

    /** The modules that use another one's packages. */
    public List<String> dependents(String name) {
        return modules().stream()
                .filter(module -> module.info().depends().contains(name))
                .map(LoadedModule::name)
                .toList();
    }

    /** The text of /proc/modules. */
    public String procText() {
        StringBuilder text = new StringBuilder();
        for (LoadedModule module : modules()) {
            List<String> users = dependents(module.name());
            text.append(module.name())
                    .append(' ')
                    .append(module.info().sizeBytes())
                    .append(' ')
                    .append(module.references() + users.size())
                    .append(' ')
                    .append(users.isEmpty() ? "-" : String.join(",", users) + ",")
                    .append(' ')
                    .append(module.state())
                    .append(" 0x0000000000000000 (O)\n");
        }
        return text.toString();
    }
}
