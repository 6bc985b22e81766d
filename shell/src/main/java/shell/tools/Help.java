// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.List;
import java.util.Locale;
import shell.process.Tool;
import shell.process.ToolProcess;

/** What there is to type. */
final class Help implements Tool {
    private static final int WIDTH = 72;

    private final List<Tool> tools;

    /** @param tools the others */
    Help(List<Tool> tools) {
        this.tools = List.copyOf(tools);
    }

    @Override
    public String name() {
        return "help";
    }

    @Override
    public String summary() {
        return "this list";
    }

    @Override
    public String usage() {
        return """
                Usage: help
                List the commands. Each of them explains itself with --help.
                """;
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) {
        process.out().println("The machine and its kernel:");
        for (Tool tool : tools) {
            process.out().println(String.format(Locale.ROOT, "  %-10s %s", tool.name(), tool.summary()));
        }
        process.out().println("\nPrograms:");
        StringBuilder line = new StringBuilder(" ");
        for (String name : process.list("/bin")) {
            if (line.length() + name.length() > WIDTH) {
                process.out().println(line.toString());
                line = new StringBuilder(" ");
            }
            line.append(' ').append(name);
        }
        process.out().println(line.toString());
        process.out().println("""

                Each explains itself with --help. To begin with:
                  modprobe tempsensor; head -n 1 /dev/tempsensor
                  ubend head -n 1 /dev/tempsensor""");
        return 0;
    }
}
