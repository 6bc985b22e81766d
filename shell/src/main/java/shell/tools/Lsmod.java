// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.List;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;
import shell.text.ModuleText;

/** lsmod(8). */
final class Lsmod implements Tool {
    @Override
    public String name() {
        return "lsmod";
    }

    @Override
    public String summary() {
        return "list the modules in the kernel";
    }

    @Override
    public String usage() {
        return """
                Usage: lsmod
                List the modules in the kernel, the newest first: size of the file, users, and which modules they are.
                """;
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        if (!arguments.isEmpty()) {
            throw ToolFailure.usage(this, "too many arguments");
        }
        String text = process.readFile("/proc/modules");
        if (text == null) {
            throw new ToolFailure(1, "lsmod: ERROR: could not get list of modules: /proc/modules cannot be read");
        }
        process.out().print(ModuleText.lsmod(text));
        return 0;
    }
}
