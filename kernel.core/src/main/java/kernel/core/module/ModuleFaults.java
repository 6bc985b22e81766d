// SPDX-License-Identifier: Apache-2.0
package kernel.core.module;

import java.util.List;
import kernel.core.failure.FaultListener;

/** Tells an oops whose code it was, and keeps everybody out of a module that threw inside the kernel. */
public final class ModuleFaults implements FaultListener {
    private final ModuleTable modules;

    public ModuleFaults(ModuleTable modules) {
        this.modules = modules;
    }

    @Override
    public String moduleOf(StackTraceElement frame) {
        String className = frame.getClassName();
        String packageName = className.substring(0, Math.max(0, className.lastIndexOf('.')));
        for (LoadedModule module : modules.modules()) {
            if (module.hasPackage(packageName)) {
                return module.name();
            }
        }
        return null;
    }

    @Override
    public List<String> modulesLinkedIn() {
        return modules.modules().stream().map(module -> module.name() + "(O)").toList();
    }

    @Override
    public void faulted(String name) {
        LoadedModule module = modules.get(name);
        if (module != null) {
            module.markBroken();
        }
    }
}
