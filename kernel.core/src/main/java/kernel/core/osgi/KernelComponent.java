// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kernel.core.Kernel;
import kernel.core.control.BootParameters;
import kernel.core.control.PowerControl;
import kernel.core.log.LogLevel;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The kernel of this framework: boots when the bundle starts, halts when it stops. What it is booted with are two properties of the framework:
 * {@value #PARAMETERS}, a line for each kernel parameter, and {@value #MODULES}, the directory in which modprobe looks.
 */
@Component(immediate = true, service = PowerControl.class)
public final class KernelComponent implements PowerControl {
    static final String PARAMETERS = "ubend.parameters";
    static final String MODULES = "ubend.modules";

    private final BundleContext context;
    private final BootParameters parameters;
    private final Path modules;
    private final List<ServiceRegistration<?>> guards = new ArrayList<>();
    private RunningKernel running;

    /** Boots. */
    @Activate
    public KernelComponent(BundleContext context) {
        this.context = context;
        parameters = BootParameters.parse(lines(context.getProperty(PARAMETERS)));
        String directory = context.getProperty(MODULES);
        modules = directory == null ? null : Path.of(directory);
        ServiceGuard serviceGuard = new ServiceGuard();
        guards.add(context.registerService(
                new String[] {FindHook.class.getName(), EventListenerHook.class.getName()}, serviceGuard, null));
        guards.add(context.registerService(ResolverHookFactory.class, new RingGuard(this::refused), null));
        running = new RunningKernel(context, parameters, modules);
    }

    private static List<String> lines(String text) {
        return text == null || text.isBlank()
                ? List.of()
                : Arrays.stream(text.split("\n"))
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
    }

    private synchronized void refused(String refusal) {
        if (running != null) {
            running.kernel().log().print(LogLevel.WARNING, refusal);
        }
    }

    @Override
    public synchronized Kernel kernel() {
        return running.kernel();
    }

    @Override
    public synchronized Kernel reboot() {
        running.close();
        running = new RunningKernel(context, parameters, modules);
        return running.kernel();
    }

    /** Halts. */
    @Deactivate
    public synchronized void halt() {
        running.close();
        guards.forEach(ServiceRegistration::unregister);
    }
}
