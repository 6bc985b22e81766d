// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.ArrayList;
import java.util.List;
import kernel.core.control.ModuleControl;
import kernel.core.control.ModuleControl.ModuleState;
import kernel.uapi.Errno;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;

/** rmmod(8). */
final class Rmmod implements Tool {
    private final ModuleControl modules;

    Rmmod(ModuleControl modules) {
        this.modules = modules;
    }

    @Override
    public String name() {
        return "rmmod";
    }

    @Override
    public String summary() {
        return "unload modules";
    }

    @Override
    public String usage() {
        return """
                Usage: rmmod [-f] MODULE...
                Unload modules. One that is in use stays, and its users are named.

                  -f, --force   although it is in use: files that are open on its devices are revoked, sleepers wake with ENODEV
                """;
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        List<String> names = new ArrayList<>();
        boolean force = false;
        for (String argument : arguments) {
            switch (argument) {
                case "-f", "--force" -> force = true;
                default -> {
                    if (argument.startsWith("-")) {
                        throw ToolFailure.usage(this, "unrecognized option '" + argument + "'");
                    }
                    names.add(argument);
                }
            }
        }
        if (names.isEmpty()) {
            throw new ToolFailure(1, "rmmod: ERROR: missing module name.");
        }
        int status = 0;
        for (String name : names) {
            for (String complaint : remove(process, name, force)) {
                process.err().println("rmmod: ERROR: " + complaint);
                status = 1;
            }
        }
        return status;
    }

    private List<String> remove(ToolProcess process, String name, boolean force) {
        long result = process.deleteModule(name, force);
        if (result == 0) {
            return List.of();
        }
        return switch ((int) -result) {
            case Errno.ENOENT -> List.of("Module " + name + " is not currently loaded");
            case Errno.EWOULDBLOCK -> users(modules, name);
            default -> List.of("could not remove module " + name + ": " + Errno.text((int) -result));
        };
    }

    /** Who keeps a module, a line each. */
    static List<String> users(ModuleControl modules, String name) {
        String plain = name.replace('-', '_');
        List<String> users = new ArrayList<>();
        for (ModuleState module : modules.loaded()) {
            if (module.name().equals(plain)) {
                module.users().forEach(user -> users.add("Module " + name + " is in use by: " + user));
            }
        }
        modules.holders(plain).forEach(holder -> users.add("Module " + name + " is in use by: " + holder));
        return users.isEmpty() ? List.of("Module " + name + " is in use") : users;
    }
}
