// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kernel.core.Kernel;
import kernel.core.control.BundleControl;
import kernel.core.control.HardwareControl;
import kernel.core.control.ModuleControl;
import kernel.core.failure.Release;
import kernel.uapi.Executable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import shell.gogo.GogoRuntime;
import shell.gogo.GogoTool;
import shell.process.Tool;
import shell.process.ToolExecutable;

/** Publishes the tools as programs of /sbin, for as long as the kernel runs that they work on. */
@Component(
        immediate = true,
        service = {})
public final class ToolsComponent {
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    /** Publishes. */
    @Activate
    public ToolsComponent(
            BundleContext context,
            @Reference Kernel kernel,
            @Reference ModuleControl modules,
            @Reference HardwareControl hardware,
            @Reference BundleControl bundles) {
        for (Tool tool : tools(context, kernel, modules, hardware, bundles)) {
            ToolExecutable program = new ToolExecutable(tool);
            registrations.add(context.registerService(
                    Executable.class,
                    program,
                    FrameworkUtil.asDictionary(Map.of(Executable.PATH, program.path(), "ubend.tool", tool.name()))));
        }
    }

    private static List<Tool> tools(
            BundleContext context,
            Kernel kernel,
            ModuleControl modules,
            HardwareControl hardware,
            BundleControl bundles) {
        List<Tool> tools = new ArrayList<>(List.of(
                new Insmod(modules),
                new Rmmod(modules),
                new Modprobe(modules),
                new Modinfo(modules, Release.RELEASE + " SMP preempt mod_unload"),
                new Lsmod(),
                new Lsdev(hardware),
                new Hotplug(hardware),
                new FaultTool(hardware),
                new NbdExport(hardware, modules),
                new BundleTool(bundles),
                new Dmesg(kernel.log()),
                new Ubend(kernel.trace()),
                new Strace(kernel),
                new TraceTool(kernel.trace())));
        tools.addAll(Power.all());
        tools.addAll(GogoTool.all(new GogoRuntime(context)));
        tools.add(new Help(tools));
        return tools;
    }

    /** Takes them back. */
    @Deactivate
    public void withdraw() {
        registrations.forEach(ServiceRegistration::unregister);
    }
}
