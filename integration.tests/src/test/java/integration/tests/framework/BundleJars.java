// SPDX-License-Identifier: Apache-2.0
package integration.tests.framework;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;

/**
 * The bundles on the class path, by symbolic name: the reactor's own jars and the framework's services. Nothing is
 * downloaded.
 */
final class BundleJars {
    private BundleJars() {}

    /** The location to install a bundle from; the framework reads the jar where it lies. */
    static String location(String symbolicName) {
        return "reference:" + jar(symbolicName).toUri();
    }

    static Path jar(String symbolicName) {
        Map<String, Path> jars = all();
        Path jar = jars.get(symbolicName);
        if (jar == null) {
            throw new IllegalArgumentException("no bundle " + symbolicName + " on the class path, which has "
                    + jars.keySet() + "; a module becomes a jar in Maven's package phase: ./mvnw verify");
        }
        return jar;
    }

    /** All bundles on the class path, in the order of their names. */
    static Map<String, Path> all() {
        Map<String, Path> jars = new TreeMap<>();
        try {
            ClassLoader loader = BundleJars.class.getClassLoader();
            for (URL url : Collections.list(loader.getResources("META-INF/MANIFEST.MF"))) {
                if (url.openConnection() instanceof JarURLConnection connection) {
                    try (InputStream in = url.openStream()) {
                        String name = new Manifest(in).getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
                        if (name != null) {
                            Path jar = Path.of(connection.getJarFileURL().toURI());
                            jars.putIfAbsent(name.split(";", 2)[0].trim(), jar);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return jars;
    }

    /** The folder that a class of the class path was compiled to. */
    static Path classFolder(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
