// SPDX-License-Identifier: Apache-2.0
package integration.tests.framework;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.Jar;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A bundle made of some of the test's own classes, the way the build makes one: bnd reads the annotations and computes
 * the imports. For modules that fail, misbehave or ask for what they may not have.
 *
 * <p>An instance describes the bundle; every {@link #location()} is a new file with the same content.
 */
public final class TestBundle {
    private final String symbolicName;
    private final List<String> classes = new ArrayList<>();
    private final Map<String, String> instructions = new LinkedHashMap<>();

    private TestBundle(String symbolicName) {
        this.symbolicName = symbolicName;
    }

    public static TestBundle named(String symbolicName) {
        return new TestBundle(symbolicName);
    }

    /**
     * Adds the classes and what is nested in them. Their package-info comes along when it is named, as a class, by
     * {@link #with(String)}.
     */
    public TestBundle with(Class<?>... types) {
        for (Class<?> type : types) {
            with(type.getName());
        }
        return this;
    }

    /** Adds a class by name: of use for a package-info, and for a class that the test must not load itself. */
    public TestBundle with(String className) {
        classes.add(className);
        return this;
    }

    /** Sets a manifest header or a bnd instruction. */
    public TestBundle header(String name, String value) {
        instructions.put(name, value);
        return this;
    }

    /** Builds the bundle; the location to install it from. */
    public String location() {
        return "reference:" + jar().toUri();
    }

    /** Builds the bundle; a temporary file. */
    public Path jar() {
        try (Builder builder = new Builder()) {
            builder.setProperty(Constants.BUNDLE_SYMBOLICNAME, symbolicName);
            builder.setProperty(Constants.BUNDLE_VERSION, "1.0.0");
            builder.setProperty(Constants.NOIMPORTJAVA, "true");
            builder.setProperty(Constants.INCLUDERESOURCE, includes());
            instructions.forEach(builder::setProperty);
            // The versions of imported packages come from the bundles that export them.
            builder.setClasspath(
                    BundleJars.all().values().stream().map(Path::toFile).toArray(File[]::new));
            Jar jar = builder.build();
            if (!builder.isOk()) {
                throw new IllegalStateException(symbolicName + ": " + builder.getErrors() + builder.getWarnings());
            }
            Path file = Files.createTempFile(symbolicName + '-', ".jar");
            file.toFile().deleteOnExit();
            jar.write(file.toFile());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(symbolicName, e);
        }
    }

    private String includes() throws IOException {
        Path root = BundleJars.classFolder(TestBundle.class);
        List<String> includes = new ArrayList<>();
        for (String className : classes) {
            Path file = root.resolve(className.replace('.', '/') + ".class");
            if (!Files.exists(file)) {
                throw new IllegalArgumentException(className + " is not one of the test classes in " + root);
            }
            String outermost = file.getFileName().toString().replace(".class", "");
            try (Stream<Path> siblings = Files.list(file.getParent())) {
                siblings.filter(path -> belongsTo(outermost, path.getFileName().toString()))
                        .sorted()
                        .map(path -> root.relativize(path) + "=" + path)
                        .forEach(includes::add);
            }
        }
        return String.join(",", includes);
    }

    private static boolean belongsTo(String outermost, String fileName) {
        return fileName.equals(outermost + ".class") || fileName.startsWith(outermost + '$');
    }
}
