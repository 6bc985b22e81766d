// SPDX-License-Identifier: Apache-2.0
package shell.session;

import kernel.core.Kernel;
import kernel.core.control.SessionControl;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import shell.gogo.GogoCommands;
import shell.gogo.GogoRuntime;

/** A session at the prompt of the framework's own shell; it ends when the framework stops. */
final class GoshSession {
    private final BundleContext context;
    private final Kernel kernel;
    private final SessionControl sessions;

    GoshSession(BundleContext context, Kernel kernel, SessionControl sessions) {
        this.context = context;
        this.kernel = kernel;
        this.sessions = sessions;
    }

    int run() throws BundleException {
        if (kernel.config().isDeterministic()) {
            System.err.println("ubend: the framework's own shell has threads of its own, which no seed decides");
            return 2;
        }
        kernel.log().listen(entry -> System.err.println(entry.line()));
        Framework framework =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(Framework.class);
        GogoRuntime gogo = new GogoRuntime(context);
        gogo.start(name -> !name.contains("gogo.jline"));
        new GogoCommands(context, sessions).register();
        gogo.start(name -> name.contains("gogo.jline"));
        try {
            framework.waitForStop(0);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }
}
