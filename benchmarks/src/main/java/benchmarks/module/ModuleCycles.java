// SPDX-License-Identifier: Apache-2.0
package benchmarks.module;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/**
 * insmod and rmmod of a driver, in a framework with the launcher's bundles and a sensor plugged in. Run in a JVM of its own; prints
 * each time in nanoseconds.
 */
public final class ModuleCycles {
    private static final long STOP_MILLIS_MAX = 10_000;

    private ModuleCycles() {}

    /** Takes the folder that the launcher boots from, and the number of cycles. */
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Path storage = Files.createTempDirectory("ubend-bench");
        try {
            run(home, arguments[1], storage);
        } finally {
            delete(storage);
        }
    }

    private static void run(Path home, String cycles, Path storage) throws Exception {
        // As the launcher does: no class of ours for the bundles but by their imports.
        Thread.currentThread().setContextClassLoader(null);
        Framework framework = new FrameworkFactory().newFramework(configuration(home, cycles, storage));
        framework.start();
        try {
            BundleContext context = framework.getBundleContext();
            List<Bundle> bundles = new ArrayList<>();
            for (String folder : List.of("bundles", "devices")) {
                for (Path jar : jars(home.resolve(folder))) {
                    bundles.add(context.installBundle("reference:" + jar.toUri()));
                }
            }
            bundles.add(context.installBundle(probe(storage).toUri().toString()));
            for (Bundle bundle : bundles) {
                bundle.start(Bundle.START_TRANSIENT);
            }
            System.out.print(service(context).call());
        } finally {
            framework.stop();
            framework.waitForStop(STOP_MILLIS_MAX);
        }
    }

    private static Map<String, String> configuration(Path home, String cycles, Path storage) {
        Map<String, String> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, storage.resolve("cache").toString());
        configuration.put("felix.cache.locking", "false");
        configuration.put("felix.resolver.parallelism", "1");
        configuration.put("felix.bootdelegation.implicit", "false");
        configuration.put("ds.log.level", "error");
        configuration.put("ubend.parameters", "loglevel=0\ndevices=tempsensor");
        configuration.put("ubend.modules", home.resolve("modules").toString());
        configuration.put(
                ModuleProbe.FILE, home.resolve("modules/drivers.tempsensor.jar").toString());
        configuration.put(ModuleProbe.MODULE, "tempsensor");
        configuration.put(ModuleProbe.NODE, "/dev/tempsensor");
        configuration.put(ModuleProbe.CYCLES, cycles);
        return configuration;
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    /** A bundle around the one class that belongs into the framework. */
    private static Path probe(Path folder) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.putValue(Constants.BUNDLE_SYMBOLICNAME, "benchmarks.module");
        headers.putValue(Constants.BUNDLE_ACTIVATOR, ModuleProbe.class.getName());
        headers.putValue(
                Constants.IMPORT_PACKAGE, "kernel.core,kernel.core.log,kernel.uapi,userland.libc,org.osgi.framework");
        Path jar = folder.resolve("probe.jar");
        String entry = ModuleProbe.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream content = new JarOutputStream(file, manifest);
                InputStream code = ModuleCycles.class.getClassLoader().getResourceAsStream(entry)) {
            content.putNextEntry(new ZipEntry(entry));
            code.transferTo(content);
            content.closeEntry();
        }
        return jar;
    }

    @SuppressWarnings("unchecked")
    private static Callable<String> service(BundleContext context) throws Exception {
        for (ServiceReference<?> reference :
                context.getServiceReferences(Callable.class, "(" + ModuleProbe.SERVICE + "=*)")) {
            return (Callable<String>) context.getService(reference);
        }
        throw new IllegalStateException("the probe did not start");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
