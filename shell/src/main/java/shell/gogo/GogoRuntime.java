// SPDX-License-Identifier: Apache-2.0
package shell.gogo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;

/** The framework's command interpreter, started when it is first wanted. Thread-safe. */
public final class GogoRuntime {
    /** The framework property with the jars that only some sessions need. */
    private static final String EXTRAS = "ubend.extras";

    private final BundleContext context;

    public GogoRuntime(BundleContext context) {
        this.context = context;
    }

    /**
     * Installs and starts some of the extra bundles, in the order of their names.
     *
     * @param wanted by file name
     */
    public synchronized void start(Predicate<String> wanted) throws BundleException {
        String jars = context.getProperty(EXTRAS);
        List<Bundle> bundles = new ArrayList<>();
        for (String jar : jars == null || jars.isEmpty() ? new String[0] : jars.split(File.pathSeparator)) {
            Path file = Path.of(jar);
            if (wanted.test(file.getFileName().toString())) {
                bundles.add(context.installBundle("reference:" + file.toUri()));
            }
        }
        for (Bundle bundle : bundles) {
            bundle.start(Bundle.START_TRANSIENT);
        }
    }

    /** Starts the interpreter and the framework's commands. */
    void start() throws BundleException {
        start(name -> name.contains("gogo.runtime") || name.contains("gogo.command"));
    }

    /**
     * What a command line of the framework prints and answers; to be called on any thread, for the interpreter has its own.
     */
    Callable<String> execution(String commandLine) throws BundleException {
        start();
        ServiceReference<CommandProcessor> reference = context.getServiceReference(CommandProcessor.class);
        if (reference == null) {
            throw new BundleException("there is no command interpreter: the launcher brings none along");
        }
        CommandProcessor processor = context.getService(reference);
        return () -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
            try (CommandSession session = processor.createSession(new ByteArrayInputStream(new byte[0]), out, out)) {
                Object result = session.execute(commandLine);
                if (result != null) {
                    out.println(session.format(result, Converter.INSPECT));
                }
            }
            return bytes.toString(StandardCharsets.UTF_8);
        };
    }
}
