// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.header.OSGiHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Constants;

/**
 * What the bundles say of themselves, read from the jars: the framework wires by these headers, whatever the sources
 * look like.
 */
class BundleManifestIT {
    @ParameterizedTest
    @MethodSource("integration.tests.House#bundles")
    void theNameOfTheBundleIsTheNameOfItsFolder(String module) throws IOException {
        assertThat(header(module, Constants.BUNDLE_SYMBOLICNAME)).isEqualTo(module);
    }

    @ParameterizedTest
    @MethodSource("integration.tests.House#bundles")
    void aBundleImportsWhatTheTableAllows(String module) throws IOException {
        assertThat(packages(module, Constants.IMPORT_PACKAGE))
                .as("%s may use %s", module, DependencyTable.row(module))
                .allMatch(name -> DependencyTable.allows(module, name));
    }

    @ParameterizedTest
    @MethodSource("integration.tests.House#bundles")
    void aBundleAsksForPackagesAndNeverForBundles(String module) throws IOException {
        // A required bundle brings all its packages, past the table and past the rings.
        assertThat(header(module, Constants.REQUIRE_BUNDLE)).isNull();
        assertThat(header(module, Constants.FRAGMENT_HOST)).isNull();
    }

    @ParameterizedTest
    @MethodSource("integration.tests.House#bundles")
    void aBundleExportsOnlyPackagesThatItHas(String module) throws IOException {
        assertThat(packagesWithClasses(module)).containsAll(packages(module, Constants.EXPORT_PACKAGE));
    }

    @Test
    void aDeviceModelExportsOnePackage() throws IOException {
        for (String module : House.bundles()) {
            if (module.startsWith("hardware.") && !module.equals("hardware.machine") && !isEmpty(module)) {
                assertThat(packages(module, Constants.EXPORT_PACKAGE))
                        .as("%s exports the names of its registers and nothing else", module)
                        .hasSize(1);
            }
        }
    }

    @Test
    void aDriverOrFileSystemExportsNothing() throws IOException {
        for (String module : House.bundles()) {
            if (module.startsWith("drivers.") || module.startsWith("fs.")) {
                assertThat(packages(module, Constants.EXPORT_PACKAGE))
                        .as(module)
                        .isEmpty();
            }
        }
    }

    private static boolean isEmpty(String module) throws IOException {
        return packagesWithClasses(module).isEmpty();
    }

    private static String header(String module, String name) throws IOException {
        try (JarFile jar = new JarFile(House.jar(module).toFile())) {
            return jar.getManifest().getMainAttributes().getValue(name);
        }
    }

    private static Set<String> packages(String module, String name) throws IOException {
        return OSGiHeader.parseHeader(header(module, name)).keySet();
    }

    private static Set<String> packagesWithClasses(String module) throws IOException {
        Set<String> packages = new TreeSet<>();
        try (JarFile jar = new JarFile(House.jar(module).toFile())) {
            jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .forEach(name -> {
                        Path folder = Path.of(name).getParent();
                        packages.add(folder == null ? "" : folder.toString().replace('/', '.'));
                    });
        }
        return packages;
    }
}
