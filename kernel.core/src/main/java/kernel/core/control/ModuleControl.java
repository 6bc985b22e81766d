// SPDX-License-Identifier: Apache-2.0
package kernel.core.control;

import java.util.List;
import java.util.Map;

/**
 * The modules as tools see them. Loading and unloading are system calls, {@code init_module} with the path of the module's file on the
 * host, and {@code delete_module}; what an errno cannot say is asked for here.
 */
public interface ModuleControl {
    /** The directory of the host in which modprobe looks. */
    String directory();

    /** The modules in that directory. */
    List<ModuleDescription> available();

    /** The module in that directory with that name or alias, {@code -} and {@code _} being the same; null when there is none. */
    ModuleDescription find(String nameOrAlias);

    /**
     * What a file of the host says of itself.
     *
     * @throws IllegalArgumentException it is no module, and why
     */
    ModuleDescription describe(String file);

    /** The modules in the kernel, newest first. */
    List<ModuleState> loaded();

    /** Who has devices of a module open: {@code head[7] fd 3 /dev/tempsensor}. */
    List<String> holders(String module);

    /** Why the last attempt to load a module of that name (or file) failed, in a line; empty when it did not. */
    String lastFailure(String module);

    /**
     * What modinfo shows.
     *
     * @param name of the module
     * @param fileName of the host
     * @param vendor who made it
     * @param version of it
     * @param aliases devices and other names
     * @param parameters that it takes
     * @param depends modules whose packages it needs
     */
    record ModuleDescription(
            String name,
            String fileName,
            long sizeBytes,
            String description,
            String license,
            String vendor,
            String version,
            List<String> aliases,
            List<Parameter> parameters,
            List<String> depends) {
        public ModuleDescription {
            aliases = List.copyOf(aliases);
            parameters = List.copyOf(parameters);
            depends = List.copyOf(depends);
        }
    }

    /** A parameter of a module. */
    record Parameter(String name, String type, String description) {}

    /**
     * A module in the kernel.
     *
     * @param references open files
     * @param users modules that need it
     * @param state Live, Loading or Unloading
     * @param parameters the values that it was given
     * @param depends modules that it needs
     * @param fileName of the host
     */
    record ModuleState(
            String name,
            long sizeBytes,
            int references,
            List<String> users,
            String state,
            Map<String, Object> parameters,
            List<String> depends,
            String fileName) {
        public ModuleState {
            users = List.copyOf(users);
            parameters = Map.copyOf(parameters);
            depends = List.copyOf(depends);
        }
    }
}
