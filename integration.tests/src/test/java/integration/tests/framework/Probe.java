// SPDX-License-Identifier: Apache-2.0
package integration.tests.framework;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.osgi.framework.Constants;

/** The bundle that a test's twin is loaded from: the test classes, importing whatever they turn out to need. */
final class Probe {
    private static final String SHARED_PACKAGE = Probe.class.getPackageName().replace('.', '/') + '/';

    private Probe() {}

    /** The bundle as a jar. */
    static InputStream of(Class<?> testClass) throws IOException {
        Path root = BundleJars.classFolder(testClass);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest(testClass));
                Stream<Path> files = Files.walk(root)) {
            List<Path> classes = files.filter(Files::isRegularFile).sorted().toList();
            for (Path file : classes) {
                String name = root.relativize(file).toString().replace('\\', '/');
                if (!name.startsWith(SHARED_PACKAGE) && !name.startsWith("META-INF/")) {
                    jar.putNextEntry(new ZipEntry(name));
                    Files.copy(file, jar);
                    jar.closeEntry();
                }
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static Manifest manifest(Class<?> testClass) {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.putValue(Constants.BUNDLE_SYMBOLICNAME, testClass.getName());
        // Wired one package at a time when a class is first used: the probe depends on what this test names and no
        // more,
        // so that refreshing anything else leaves it alone.
        headers.putValue(Constants.DYNAMICIMPORT_PACKAGE, "*");
        return manifest;
    }
}
