// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kernel.core.Kernel;
import kernel.core.block.BlockLayer;
import kernel.core.control.ModuleControl;
import kernel.core.device.DeviceRegistration;
import kernel.core.execution.Task;
import kernel.core.fs.FileDescription;
import kernel.core.fs.UserProcess;
import kernel.core.module.LoadedModule;
import kernel.core.module.ModuleInfo;

/** The modules for tools; on any thread. */
final class Modules implements ModuleControl {
    private final Kernel kernel;
    private final ModuleCatalog catalog;
    private final ModuleLoader loader;

    Modules(Kernel kernel, ModuleCatalog catalog, ModuleLoader loader) {
        this.kernel = kernel;
        this.catalog = catalog;
        this.loader = loader;
    }

    @Override
    public String directory() {
        return catalog.location();
    }

    @Override
    public List<ModuleDescription> available() {
        return catalog.files().stream().map(this::describe).toList();
    }

    @Override
    public ModuleDescription find(String nameOrAlias) {
        ModuleFile file = catalog.find(nameOrAlias);
        return file == null ? null : describe(file);
    }

    @Override
    public ModuleDescription describe(String file) {
        try {
            return describe(ModuleFile.read(Path.of(file)));
        } catch (ModuleFormatException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private ModuleDescription describe(ModuleFile file) {
        ModuleInfo info = loader.describe(file);
        return new ModuleDescription(
                info.name(),
                info.fileName(),
                info.sizeBytes(),
                info.description(),
                info.license(),
                file.author(),
                file.bundleVersion(),
                info.aliases(),
                info.parameters().stream()
                        .map(parameter -> new Parameter(parameter.name(), parameter.type(), parameter.description()))
                        .toList(),
                info.depends());
    }

    @Override
    public List<ModuleState> loaded() {
        return kernel.modules().modules().stream().map(this::state).toList();
    }

    private ModuleState state(LoadedModule module) {
        return new ModuleState(
                module.name(),
                module.info().sizeBytes(),
                module.references(),
                kernel.modules().dependents(module.name()),
                module.state().toString(),
                module.parameters(),
                module.info().depends(),
                module.info().fileName());
    }

    @Override
    public List<String> holders(String name) {
        LoadedModule module = kernel.modules().get(name);
        List<String> holders = new ArrayList<>();
        if (module == null) {
            return holders;
        }
        for (Task task : kernel.execution().tasks()) {
            if (task instanceof UserProcess process && process.files() != null) {
                for (int fd = 0; fd < process.files().limit(); fd++) {
                    FileDescription file = process.files().get(fd);
                    if (file != null && moduleOf(file) == module) {
                        holders.add("%s[%d] fd %d %s".formatted(task.name(), task.pid(), fd, file.path()));
                    }
                }
            }
        }
        holders.addAll(kernel.blockLayer().kernelHolders(module));
        holders.addAll(kernel.fileSystems().users(module));
        holders.sort(null);
        return holders;
    }

    private static LoadedModule moduleOf(FileDescription file) {
        return file.device() instanceof DeviceRegistration device ? device.module() : BlockLayer.moduleOf(file);
    }

    @Override
    public String lastFailure(String module) {
        return loader.lastFailure(module);
    }
}
