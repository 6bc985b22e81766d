// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.List;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemName;

/** uname(1). */
final class Uname implements Program {
    static final String USAGE = """
            Usage: uname [-asnrvm]
            Print the name of the system.

              -a   everything
              -s   the kernel's name, which is the default
              -n   the name of the machine
              -r   the kernel's release
              -v   the kernel's version
              -m   the kind of processor
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "asnrvm");
        if (!options.operands().isEmpty()) {
            throw new UsageException("extra operand '" + options.operands().getFirst() + "'");
        }
        SystemName name = libc.uname();
        boolean nothingSaid = arguments.length == 0;
        boolean all = options.has('a');
        List<String> parts = new ArrayList<>();
        add(parts, all || nothingSaid || options.has('s'), name.system());
        add(parts, all || options.has('n'), name.node());
        add(parts, all || options.has('r'), name.release());
        add(parts, all || options.has('v'), name.version());
        add(parts, all || options.has('m'), name.machine());
        libc.stdout().println(String.join(" ", parts));
        return 0;
    }

    private static void add(List<String> parts, boolean wanted, String part) {
        if (wanted) {
            parts.add(part);
        }
    }
}
