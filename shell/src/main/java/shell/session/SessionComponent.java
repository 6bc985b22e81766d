// SPDX-License-Identifier: Apache-2.0
package shell.session;

import java.util.concurrent.Callable;
import kernel.core.control.PowerControl;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the launcher calls: a session from the first prompt, or the first command, to its exit status. */
@Component(service = Callable.class, property = "ubend.session=true")
public final class SessionComponent implements Callable<Integer> {
    private final BundleContext context;
    private final PowerControl power;

    /** Takes the power switch. */
    @Activate
    public SessionComponent(BundleContext context, @Reference PowerControl power) {
        this.context = context;
        this.power = power;
    }

    @Override
    public Integer call() throws Exception {
        return new Session(context, power, Host.of(context)).run();
    }
}
