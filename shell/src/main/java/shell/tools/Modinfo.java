// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kernel.core.control.ModuleControl;
import kernel.core.control.ModuleControl.ModuleDescription;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;
import shell.text.ModuleText;

/** modinfo(8). */
final class Modinfo implements Tool {
    private final ModuleControl modules;
    private final String magic;

    /** @param magic the kernel's release and what modules are built for */
    Modinfo(ModuleControl modules, String magic) {
        this.modules = modules;
        this.magic = magic;
    }

    @Override
    public String name() {
        return "modinfo";
    }

    @Override
    public String summary() {
        return "show what a module says of itself";
    }

    @Override
    public String usage() {
        return """
                Usage: modinfo [-F FIELD] MODULE|FILE...
                Show what modules say of themselves: by name, or by file of the host.

                  -F FIELD   only that one, such as parm or alias
                """;
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        List<String> names = new ArrayList<>(arguments);
        String field = null;
        if (!names.isEmpty() && names.getFirst().equals("-F")) {
            if (names.size() < 2) {
                throw ToolFailure.usage(this, "option '-F' requires an argument");
            }
            names.removeFirst();
            field = names.removeFirst();
        }
        if (names.isEmpty()) {
            throw new ToolFailure(1, "modinfo: ERROR: missing module or filename.");
        }
        int status = 0;
        for (String name : names) {
            ModuleDescription module = find(process, name);
            if (module == null) {
                status = 1;
            } else {
                process.out()
                        .print(
                                field == null
                                        ? ModuleText.modinfo(module, magic)
                                        : ModuleText.modinfo(module, magic, field));
            }
        }
        return status;
    }

    private ModuleDescription find(ToolProcess process, String name) {
        if (name.indexOf('/') >= 0 || name.endsWith(".jar")) {
            if (!Files.exists(Path.of(name))) {
                process.err().println("modinfo: ERROR: Module " + name + " not found.");
                return null;
            }
            try {
                return modules.describe(Path.of(name).toAbsolutePath().toString());
            } catch (IllegalArgumentException e) {
                process.err().println("modinfo: ERROR: " + e.getMessage());
                return null;
            }
        }
        ModuleDescription module = modules.find(name);
        if (module == null) {
            process.err().println("modinfo: ERROR: Module " + name + " not found.");
        }
        return module;
    }
}
