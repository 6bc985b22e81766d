// SPDX-License-Identifier: Apache-2.0
package kernel.core.module;

import java.util.List;

/**
 * What a module says of itself, read from its manifest before any of its code is loaded.
 *
 * @param name lower case letters, digits and underscores
 * @param fileName where it came from, for modinfo
 * @param sizeBytes of the file, for lsmod
 * @param license empty when it names none, which taints
 * @param aliases devices and other names
 * @param parameters what it may be given
 * @param depends modules whose packages it is wired to
 */
public record ModuleInfo(
        String name,
        String fileName,
        long sizeBytes,
        String description,
        String license,
        List<String> aliases,
        List<ModuleParameterInfo> parameters,
        List<String> depends) {
    public ModuleInfo {
        aliases = List.copyOf(aliases);
        parameters = List.copyOf(parameters);
        depends = List.copyOf(depends);
    }
}
