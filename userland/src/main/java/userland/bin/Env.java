// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.List;
import kernel.uapi.Errno;
import userland.libc.Environment;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** env(1). */
final class Env implements Program {
    static final String USAGE = """
            Usage: env [-i] [-u NAME] [NAME=VALUE]... [COMMAND [ARGUMENT]...]
            Run a command in a changed environment, or print the environment.

              -i        start with an empty one
              -u NAME   take the variable out
            """;

    static final int CANNOT = 125;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "+iu:");
        Environment environment = libc.environment();
        if (options.has('i')) {
            environment.clear();
        }
        if (options.has('u')) {
            environment.unset(options.value('u'));
        }
        List<String> command = new ArrayList<>(options.operands());
        while (!command.isEmpty() && command.getFirst().indexOf('=') > 0) {
            String definition = command.removeFirst();
            int equals = definition.indexOf('=');
            environment.set(definition.substring(0, equals), definition.substring(equals + 1));
        }
        if (command.isEmpty()) {
            environment.definitions().forEach(libc.stdout()::println);
            return 0;
        }
        try {
            libc.processes().execvp(command.getFirst(), command, environment);
            return CANNOT;
        } catch (SystemCallException e) {
            libc.warn("'" + command.getFirst() + "': " + e.text());
            return e.errno() == Errno.ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
        }
    }
}
