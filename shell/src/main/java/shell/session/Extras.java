// SPDX-License-Identifier: Apache-2.0
package shell.session;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** Bundles that only some sessions need: line editing, the framework's own shell and its commands. */
final class Extras {
    private Extras() {}

    /**
     * Installs and starts those that are wanted, in the order given.
     *
     * @param jars files of the host
     * @param wanted by file name
     */
    static void start(BundleContext context, List<String> jars, Predicate<String> wanted) throws BundleException {
        List<Bundle> bundles = new ArrayList<>();
        for (String jar : jars) {
            Path file = Path.of(jar);
            if (wanted.test(file.getFileName().toString())) {
                bundles.add(context.installBundle("reference:" + file.toUri()));
            }
        }
        for (Bundle bundle : bundles) {
            bundle.start(Bundle.START_TRANSIENT);
        }
    }
}
