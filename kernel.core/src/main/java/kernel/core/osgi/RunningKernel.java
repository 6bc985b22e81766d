// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import hardware.machine.bus.Bus;
import hardware.machine.bus.DeviceModelFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kernel.api.fs.FileSystemType;
import kernel.core.Kernel;
import kernel.core.control.BootParameters;
import kernel.core.control.BundleControl;
import kernel.core.control.HardwareControl;
import kernel.core.control.ModuleControl;
import kernel.core.control.SessionControl;
import kernel.core.execution.Task;
import kernel.core.fs.FileSystemHost;
import kernel.core.log.LogLevel;
import kernel.core.module.LoadedModule;
import kernel.uapi.Executable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.log.LoggerFactory;
import org.osgi.util.tracker.ServiceTracker;

/** One kernel from boot to halt, and what ties it to the framework meanwhile. */
final class RunningKernel implements AutoCloseable {
    /** Rather ours than a log service that somebody brings along. */
    private static final int LOG_RANKING = 100;

    private static final long SHUTDOWN_SECONDS_MAX = 10;

    private final BundleContext context;
    private final Kernel kernel;
    private final ModuleLoader loader;
    private final HotPlug hotPlug;
    private final ForeignHands foreignHands;
    private final DeviceServices deviceServices;
    private final Hardware hardware;
    private final Map<String, DeviceModelFactory> factories = new ConcurrentHashMap<>();
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final List<ServiceTracker<?, ?>> trackers = new ArrayList<>();
    /** The framework stops: at the very beginning of that everything is still there. */
    private final SynchronousBundleListener switchedOff = event -> {
        if (event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID && event.getType() == BundleEvent.STOPPING) {
            shutDown();
        }
    };

    private volatile boolean closing;

    RunningKernel(BundleContext context, BootParameters parameters, Path modules) {
        this.context = context;
        kernel = new Kernel(parameters.config());
        kernel.log().print(LogLevel.NOTICE, "Command line: " + parameters.commandLine());
        kernel.procTable().create("cmdline", () -> parameters.commandLine() + "\n");
        FailureLog failureLog = new FailureLog(kernel.log());
        deviceServices = new DeviceServices(context);
        DriverMatcher matcher = new DriverMatcher(context, kernel.devices(), deviceServices, failureLog);
        ModuleCatalog catalog = new ModuleCatalog(modules);
        loader = new ModuleLoader(kernel, context, matcher, catalog, modules, parameters.moduleTimeoutSeconds());
        hotPlug = new HotPlug(kernel, loader, matcher, deviceServices, parameters.autoload());
        hardware = new Hardware(kernel, factories, hotPlug, parameters.devices());
        new ModuleCalls(loader, hotPlug).register(kernel.systemCalls());
        kernel.machine().bus().listen(hotPlug);
        foreignHands = new ForeignHands(kernel, loader);
        context.addBundleListener(foreignHands);
        context.addBundleListener(switchedOff);
        register(LoggerFactory.class, failureLog, Map.of(Constants.SERVICE_RANKING, LOG_RANKING));
        kernel.fileSystems().setLoader((task, alias) -> loader.request((Task) task, alias));
        track(new FileSystems(context));
        track(new Programs(context));
        track(new Factories(context));
        register(ModuleControl.class, new Modules(kernel, catalog, loader), Map.of());
        register(HardwareControl.class, hardware, Map.of());
        register(BundleControl.class, new Bundles(context), Map.of());
        register(SessionControl.class, new Sessions(kernel), Map.of());
        register(FileSystemHost.class, kernel, Map.of());
        register(Kernel.class, kernel, Map.of());
        kernel.onPowerOff(task -> loader.shutDownDevices((Task) task));
    }

    /** Brings everything to rest in good order, as before the power is switched off. On a thread of the host; bounded in time in live mode. */
    void shutDown() {
        if (kernel.isHalted()) {
            return;
        }
        if (kernel.config().isDeterministic()) {
            kernel.call("poweroff", task -> {
                kernel.prepareForPowerOff(task);
                return task;
            });
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        kernel.onHalt(reason -> done.countDown());
        kernel.execution().startKernelThread("poweroff", task -> {
            kernel.prepareForPowerOff(task);
            done.countDown();
        });
        try {
            if (!done.await(SHUTDOWN_SECONDS_MAX, TimeUnit.SECONDS)) {
                kernel.log().print(LogLevel.ERR, "reboot: devices do not come to rest; switched off all the same");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Kernel kernel() {
        return kernel;
    }

    private <T> void register(Class<T> type, T service, Map<String, Object> properties) {
        registrations.add(context.registerService(type, service, FrameworkUtil.asDictionary(properties)));
    }

    private void track(ServiceTracker<?, ?> tracker) {
        trackers.add(tracker);
        tracker.open();
    }

    /** Halts and switches the machine off, its devices too; afterwards nothing of it is left in the framework, or of a device in the host. */
    @Override
    public void close() {
        closing = true;
        kernel.machine().bus().unlisten(hotPlug);
        for (ServiceRegistration<?> registration : registrations.reversed()) {
            registration.unregister();
        }
        trackers.forEach(ServiceTracker::close);
        kernel.halt("closed");
        context.removeBundleListener(foreignHands);
        context.removeBundleListener(switchedOff);
        loader.abandonAll();
        deviceServices.withdrawAll();
        Bus bus = kernel.machine().bus();
        bus.devices().reversed().forEach(device -> bus.detach(device.name()));
        kernel.close();
    }

    /** Programs become files. */
    private final class Programs extends ServiceTracker<Executable, Executable> {
        Programs(BundleContext framework) {
            super(framework, Executable.class, null);
        }

        @Override
        public Executable addingService(ServiceReference<Executable> reference) {
            if (!(reference.getProperty(Executable.PATH) instanceof String path)) {
                return null;
            }
            Executable program = context.getService(reference);
            if (program != null && !kernel.executables().register(path, program)) {
                kernel.log().print(LogLevel.WARNING, "exec: " + path + " is there already, another one is ignored");
            }
            return program;
        }

        @Override
        public void removedService(ServiceReference<Executable> reference, Executable program) {
            kernel.executables().unregister((String) reference.getProperty(Executable.PATH), program);
            context.ungetService(reference);
        }
    }

    /** The file systems that modules bring. */
    private final class FileSystems extends ServiceTracker<FileSystemType, FileSystemType> {
        FileSystems(BundleContext framework) {
            super(framework, FileSystemType.class, null);
        }

        @Override
        public FileSystemType addingService(ServiceReference<FileSystemType> reference) {
            FileSystemType type = context.getService(reference);
            LoadedModule module = kernel.modules().get(ModuleFile.moduleName(reference.getBundle()));
            if (type != null && !kernel.fileSystems().register(type, module)) {
                kernel.log().print(LogLevel.WARNING, "VFS: file system " + type.typeName() + " is there already");
            }
            return type;
        }

        @Override
        public void removedService(ServiceReference<FileSystemType> reference, FileSystemType type) {
            kernel.fileSystems().unregister(type);
            context.ungetService(reference);
        }
    }

    /** Makers of devices; what is to be there at boot is plugged in as soon as somebody makes it. */
    private final class Factories extends ServiceTracker<DeviceModelFactory, DeviceModelFactory> {
        Factories(BundleContext framework) {
            super(framework, DeviceModelFactory.class, null);
        }

        @Override
        public DeviceModelFactory addingService(ServiceReference<DeviceModelFactory> reference) {
            DeviceModelFactory factory = context.getService(reference);
            if (factory == null) {
                return null;
            }
            if (factories.putIfAbsent(factory.type(), factory) != null) {
                kernel.log()
                        .print(
                                LogLevel.WARNING,
                                "bus: somebody makes '" + factory.type() + "' already, another one is ignored");
                return factory;
            }
            hardware.plugAtBoot(factory.type());
            return factory;
        }

        @Override
        public void removedService(ServiceReference<DeviceModelFactory> reference, DeviceModelFactory factory) {
            if (factories.remove(factory.type(), factory) && !closing) {
                hardware.unplugAll(factory);
            }
            context.ungetService(reference);
        }
    }
}
