// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kernel.core.control.ModuleControl;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;

/** insmod(8). The file is one of the host: that is where modules are compiled. */
final class Insmod implements Tool {
    private final ModuleControl modules;

    Insmod(ModuleControl modules) {
        this.modules = modules;
    }

    @Override
    public String name() {
        return "insmod";
    }

    @Override
    public String summary() {
        return "load a module from a file of the host";
    }

    @Override
    public String usage() {
        return """
                Usage: insmod FILE [PARAMETER=VALUE]...
                Load a module from its jar, a file of the host, into the kernel.
                modprobe finds modules by their name; modinfo shows their parameters.
                """;
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        if (arguments.isEmpty()) {
            throw new ToolFailure(1, "insmod: ERROR: missing filename.");
        }
        Path file = Path.of(arguments.getFirst()).toAbsolutePath();
        if (!Files.exists(file)) {
            String hint = modules.find(arguments.getFirst()) == null
                    ? ""
                    : "\n(modprobe " + arguments.getFirst() + " would find the module of that name)";
            throw new ToolFailure(
                    1,
                    "insmod: ERROR: could not load module " + arguments.getFirst() + ": No such file or directory"
                            + hint);
        }
        long result = process.initModule(file.toString(), ModuleErrors.join(arguments.subList(1, arguments.size())));
        if (result < 0) {
            String name = nameOf(file);
            throw new ToolFailure(
                    1,
                    "insmod: ERROR: could not insert module " + arguments.getFirst() + ": "
                            + ModuleErrors.text((int) -result) + ModuleErrors.reason(modules.lastFailure(name)));
        }
        return 0;
    }

    private String nameOf(Path file) {
        try {
            return modules.describe(file.toString()).name();
        } catch (IllegalArgumentException _) {
            return file.toString();
        }
    }
}
