// SPDX-License-Identifier: Apache-2.0
package launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/** The framework with the bundles of the house in it, from boot to halt. */
final class BootedFramework implements AutoCloseable {
    private static final String SESSION_FILTER = "(ubend.session=*)";

    private final Framework framework;
    private final Path storage;

    private BootedFramework(Framework framework, Path storage) {
        this.framework = framework;
        this.storage = storage;
    }

    static BootedFramework boot(Home home, CommandLine commandLine) throws BundleException, IOException {
        // With the launcher's class loader as context class loader JLine finds no terminal and ends up with a dumb one.
        Thread.currentThread().setContextClassLoader(null);
        Path storage = newStorage();
        BootedFramework booted = new BootedFramework(
                new FrameworkFactory().newFramework(configuration(home, commandLine, storage)), storage);
        boolean complete = false;
        try {
            booted.start(home);
            complete = true;
            return booted;
        } finally {
            if (!complete) {
                booted.close();
            }
        }
    }

    /**
     * Where the framework notes what is installed: in memory where the host has such a file system, because on a disk these few small files
     * cost more than all the rest of booting.
     */
    private static Path newStorage() throws IOException {
        Path memory = Path.of("/dev/shm");
        return Files.isDirectory(memory) && Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "ubend-")
                : Files.createTempDirectory("ubend-");
    }

    private static Map<String, String> configuration(Home home, CommandLine commandLine, Path storage) {
        Map<String, String> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        configuration.put("felix.cache.locking", "false");
        // A resolver with threads of its own would make the order of things depend on the host.
        configuration.put("felix.resolver.parallelism", "1");
        // What is not imported is not there: without this a lookup from outside of any bundle may fall through to our
        // class path.
        configuration.put("felix.bootdelegation.implicit", "false");
        // Only the framework's own shell makes URLs out of text that point into bundles; the handlers cost a third of
        // the framework's start.
        configuration.put("felix.service.urlhandlers", Boolean.toString(commandLine.gosh()));
        configuration.put("felix.log.level", "1");
        configuration.put("ds.log.level", "error");
        configuration.put("ubend.parameters", String.join("\n", commandLine.parameters()));
        configuration.put("ubend.modules", home.modules().toString());
        configuration.put("ubend.extras", joined(home.extras()));
        configuration.put("ubend.shell.arguments", String.join("\0", commandLine.shellArguments()));
        configuration.put(
                "ubend.bundles",
                String.join(
                        "\0", commandLine.bundles().stream().map(Path::toString).toList()));
        configuration.put("ubend.gosh", Boolean.toString(commandLine.gosh()));
        configuration.put("ubend.hash", Boolean.toString(commandLine.hash()));
        if (commandLine.traceFile() != null) {
            configuration.put("ubend.trace", commandLine.traceFile().toString());
        }
        return configuration;
    }

    private static String joined(List<Path> files) {
        return String.join(
                File.pathSeparator, files.stream().map(Path::toString).toList());
    }

    private void start(Home home) throws BundleException {
        framework.start();
        BundleContext context = framework.getBundleContext();
        List<Bundle> installed = new ArrayList<>();
        for (Path jar : concat(home.bundles(), home.devices())) {
            installed.add(context.installBundle("reference:" + jar.toUri()));
        }
        for (Bundle bundle : installed) {
            bundle.start(Bundle.START_TRANSIENT);
        }
    }

    private static List<Path> concat(List<Path> first, List<Path> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** What the user came for; it returns the exit status. */
    @SuppressWarnings("unchecked")
    Callable<Integer> session() {
        BundleContext context = framework.getBundleContext();
        try {
            for (ServiceReference<?> reference : context.getServiceReferences(Callable.class, SESSION_FILTER)) {
                return (Callable<Integer>) context.getService(reference);
            }
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
        throw new IllegalStateException("the shell did not start; the messages above say why");
    }

    @Override
    public void close() throws BundleException {
        try {
            framework.stop();
            framework.waitForStop(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            delete(storage.toFile());
        }
    }

    /** Best effort: what is left lies in the host's directory for temporary files. */
    @SuppressWarnings("ResultOfMethodCallIgnored")
    private static void delete(File file) {
        File[] children = file.listFiles();
        if (children != null) {
            for (File child : children) {
                delete(child);
            }
        }
        file.delete();
    }
}
