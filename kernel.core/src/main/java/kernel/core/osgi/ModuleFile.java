// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOEXEC;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import kernel.api.module.KernelModule;
import kernel.api.module.ModuleParameter;
import kernel.core.module.ModuleInfo;
import kernel.core.module.ModuleParameterInfo;
import kernel.core.osgi.ManifestHeader.Clause;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/**
 * The file of a module, as its manifest describes it; none of its code has been loaded.
 *
 * @param path of the host
 * @param info what modinfo shows; without the modules that it depends on, which depend on who else is there
 * @param author of the bundle
 * @param bundleVersion of the bundle
 * @param imports packages that it needs, optional ones left out
 * @param exports packages that it offers to other modules
 * @param packages packages that it has
 */
record ModuleFile(
        Path path,
        ModuleInfo info,
        String author,
        String bundleVersion,
        List<String> imports,
        List<String> exports,
        Set<String> packages) {
    /**
     * Reads the manifest.
     *
     * @throws ModuleFormatException ENOENT, or ENOEXEC with what is wrong with the file
     */
    static ModuleFile read(Path path) throws ModuleFormatException {
        if (!Files.isRegularFile(path)) {
            throw new ModuleFormatException(ENOENT, path + ": no such file");
        }
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            Manifest manifest = jar.getManifest();
            Attributes attributes = manifest == null ? new Attributes() : manifest.getMainAttributes();
            check(path, attributes);
            Set<String> packages = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && name.indexOf('/') > 0)
                    .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
            return new ModuleFile(
                    path,
                    info(path, attributes),
                    text(attributes, Constants.BUNDLE_VENDOR),
                    text(attributes, Constants.BUNDLE_VERSION),
                    imports(attributes),
                    names(attributes, Constants.EXPORT_PACKAGE),
                    packages);
        } catch (IOException e) {
            throw new ModuleFormatException(ENOEXEC, path + ": not a jar: " + e.getMessage());
        }
    }

    /** The name of the module that a bundle is, or the empty string. */
    static String moduleName(Bundle bundle) {
        List<Clause> clauses = ManifestHeader.parse(bundle.getHeaders("").get(KernelModule.HEADER));
        return clauses.isEmpty() ? "" : clauses.getFirst().name();
    }

    private static void check(Path path, Attributes attributes) throws ModuleFormatException {
        if (attributes.getValue(Constants.BUNDLE_SYMBOLICNAME) == null) {
            throw new ModuleFormatException(
                    ENOEXEC, path + ": a jar, but no bundle: its manifest has no " + Constants.BUNDLE_SYMBOLICNAME);
        }
        if (attributes.getValue(KernelModule.HEADER) == null) {
            throw new ModuleFormatException(
                    ENOEXEC,
                    path + ": a bundle, but no module: its manifest has no " + KernelModule.HEADER
                            + ", which @KernelModule on its root package would write");
        }
    }

    private static ModuleInfo info(Path path, Attributes attributes) throws IOException {
        Clause module =
                ManifestHeader.parse(attributes.getValue(KernelModule.HEADER)).getFirst();
        List<ModuleParameterInfo> parameters = new ArrayList<>();
        for (Clause parameter : ManifestHeader.parse(attributes.getValue(ModuleParameter.HEADER))) {
            parameters.add(new ModuleParameterInfo(
                    parameter.name(), parameter.attribute("type"), parameter.attribute("description")));
        }
        return new ModuleInfo(
                module.name(),
                path.toString(),
                Files.size(path),
                module.attribute("description"),
                module.attribute("license"),
                aliases(module.attribute("alias")),
                parameters,
                List.of());
    }

    /** The list is separated by commas, and so is each {@code vendor,model} in it: names without a vendor come last. */
    private static List<String> aliases(String text) {
        String[] parts = text.split(",");
        List<String> aliases = new ArrayList<>();
        for (int i = 0; i < parts.length; i += 2) {
            String alias = i + 1 < parts.length ? parts[i].strip() + "," + parts[i + 1].strip() : parts[i].strip();
            if (!alias.isEmpty()) {
                aliases.add(alias);
            }
        }
        return aliases;
    }

    private static List<String> imports(Attributes attributes) {
        return ManifestHeader.parse(attributes.getValue(Constants.IMPORT_PACKAGE)).stream()
                .filter(clause -> !clause.attribute("resolution:").equals("optional"))
                .flatMap(clause -> clause.names().stream())
                .toList();
    }

    private static List<String> names(Attributes attributes, String header) {
        return ManifestHeader.parse(attributes.getValue(header)).stream()
                .flatMap(clause -> clause.names().stream())
                .toList();
    }

    private static String text(Attributes attributes, String header) {
        String value = attributes.getValue(header);
        return value == null ? "" : value;
    }

    /** Whether modprobe means this one: its name, {@code -} and {@code _} being the same, or one of its aliases. */
    boolean answersTo(String name) {
        return info.name().equals(name.replace('-', '_')) || info.aliases().contains(name);
    }

    /** What it says of itself, with the modules that it depends on. */
    ModuleInfo infoWith(List<String> depends) {
        return new ModuleInfo(
                info.name(),
                info.fileName(),
                info.sizeBytes(),
                info.description(),
                info.license(),
                info.aliases(),
                info.parameters(),
                depends);
    }

    /** Those of the modules that offer a package which this one needs. */
    List<String> dependsOn(List<ModuleFile> others) {
        return others.stream()
                .filter(other -> other != this && !other.info.name().equals(info.name()))
                .filter(other -> other.exports.stream().anyMatch(imports::contains))
                .map(other -> other.info.name())
                .distinct()
                .toList();
    }
}
