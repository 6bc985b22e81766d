// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.ArrayList;
import java.util.List;
import kernel.core.control.ModuleControl;
import kernel.core.control.ModuleControl.ModuleDescription;
import kernel.core.control.ModuleControl.ModuleState;
import kernel.uapi.Errno;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;

/** modprobe(8): modules by their name or by the name of a device, with those that they need. */
final class Modprobe implements Tool {
    private final ModuleControl modules;

    Modprobe(ModuleControl modules) {
        this.modules = modules;
    }

    @Override
    public String name() {
        return "modprobe";
    }

    @Override
    public String summary() {
        return "load a module by its name, or unload it";
    }

    @Override
    public String usage() {
        return """
                Usage: modprobe [-v] [-n] NAME [PARAMETER=VALUE]...
                       modprobe -r [-v] [-n] NAME...
                       modprobe -l
                Load a module and those that it needs; NAME may be a device, too. '-' and '_' are the same.

                  -r   unload, also what nobody needs any more
                  -n   only say what would be done
                  -v   say what is done
                  -l   list the modules that there are
                """;
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        List<String> words = new ArrayList<>();
        String flags = "";
        for (String argument : arguments) {
            if (words.isEmpty() && argument.startsWith("-")) {
                flags += flags(argument);
            } else {
                words.add(argument);
            }
        }
        Run run = new Run(process, flags.contains("v") || flags.contains("n"), flags.contains("n"));
        if (flags.contains("l")) {
            modules.available().forEach(module -> process.out().println(module.name()));
            return 0;
        }
        if (words.isEmpty()) {
            throw new ToolFailure(1, "modprobe: FATAL: missing parameters. See --help.");
        }
        if (flags.contains("r")) {
            for (String name : words) {
                run.remove(name);
            }
        } else {
            run.load(words.getFirst(), ModuleErrors.join(words.subList(1, words.size())));
        }
        return 0;
    }

    private String flags(String argument) throws ToolFailure {
        return switch (argument) {
            case "--remove" -> "r";
            case "--dry-run", "--show" -> "n";
            case "--verbose" -> "v";
            default -> {
                if (!argument.matches("-[rnvl]+")) {
                    throw ToolFailure.usage(this, "unrecognized option '" + argument + "'");
                }
                yield argument.substring(1);
            }
        };
    }

    /** One use. */
    private final class Run {
        private final ToolProcess process;
        private final boolean verbose;
        private final boolean dry;

        Run(ToolProcess process, boolean verbose, boolean dry) {
            this.process = process;
            this.verbose = verbose;
            this.dry = dry;
        }

        void load(String name, String parameters) throws ToolFailure {
            ModuleDescription module = modules.find(name);
            if (module == null) {
                throw new ToolFailure(
                        1, "modprobe: FATAL: Module " + name + " not found in directory " + modules.directory());
            }
            if (state(module.name()) != null) {
                return;
            }
            for (String needed : module.depends()) {
                load(needed, "");
            }
            say("insmod " + module.fileName() + (parameters.isEmpty() ? "" : " " + parameters));
            if (dry) {
                return;
            }
            long result = process.initModule(module.fileName(), parameters);
            if (result < 0 && result != -Errno.EEXIST) {
                throw new ToolFailure(
                        1,
                        "modprobe: ERROR: could not insert '" + name + "': " + ModuleErrors.text((int) -result)
                                + ModuleErrors.reason(modules.lastFailure(module.name())));
            }
        }

        void remove(String name) throws ToolFailure {
            ModuleDescription known = modules.find(name);
            String wanted = known == null ? name.replace('-', '_') : known.name();
            ModuleState module = state(wanted);
            if (module == null) {
                if (known == null) {
                    throw new ToolFailure(1, "modprobe: FATAL: Module " + name + " not found.");
                }
                return;
            }
            say("rmmod " + wanted);
            if (dry) {
                return;
            }
            long result = process.deleteModule(wanted, false);
            if (result == -Errno.EWOULDBLOCK) {
                throw new ToolFailure(
                        1, "modprobe: FATAL: " + String.join("\nmodprobe: FATAL: ", Rmmod.users(modules, wanted)));
            }
            if (result < 0) {
                throw new ToolFailure(
                        1, "modprobe: FATAL: could not remove '" + name + "': " + Errno.text((int) -result));
            }
            for (String needed : module.depends()) {
                ModuleState other = state(needed);
                if (other != null && other.references() == 0 && other.users().isEmpty()) {
                    remove(needed);
                }
            }
        }

        private void say(String what) {
            if (verbose) {
                process.out().println(what);
            }
        }

        private ModuleState state(String name) {
            return modules.loaded().stream()
                    .filter(module -> module.name().equals(name))
                    .findFirst()
                    .orElse(null);
        }
    }
}
