// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.ECANCELED;
import static kernel.uapi.Errno.EEXIST;
import static kernel.uapi.Errno.EINTR;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOEXEC;
import static kernel.uapi.Errno.ETIME;

import hardware.machine.bus.BusDevice;
import hardware.machine.cpu.Processor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kernel.api.device.ProbeException;
import kernel.api.lock.Mutex;
import kernel.core.Kernel;
import kernel.core.device.DeviceBinding;
import kernel.core.execution.Task;
import kernel.core.failure.Taint;
import kernel.core.log.LogLevel;
import kernel.core.module.LoadedModule;
import kernel.core.module.ModuleInfo;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Loads and unloads modules (Linux: kernel/module/main.c). Process context; one at a time, under a sleeping mutex of the kernel that no callback of the
 * framework ever takes. While a task is inside of the framework its processor is in user mode, so that interrupts are served.
 */
final class ModuleLoader {
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int STACK_LINES = 16;
    private static final Pattern REQUIREMENT = Pattern.compile(
            "osgi\\.wiring\\.package=([^)]*)\\)(?:\\(version>=([^)]*)\\))?(?:\\(!\\(version>=([^)]*)\\))?");

    private final Kernel kernel;
    private final BundleContext context;
    private final DriverMatcher matcher;
    private final ModuleCatalog catalog;
    private final Path inTree;
    private final long timeoutNanos;
    private final Mutex mutex;
    private final Map<String, Bundle> bundles = new ConcurrentHashMap<>();
    private final Set<Bundle> removing = ConcurrentHashMap.newKeySet();
    private final Map<String, String> lastFailures = new ConcurrentHashMap<>();

    /** @param inTree modules from elsewhere taint the kernel; null when all do not */
    ModuleLoader(
            Kernel kernel,
            BundleContext context,
            DriverMatcher matcher,
            ModuleCatalog catalog,
            Path inTree,
            int timeoutSeconds) {
        this.kernel = kernel;
        this.context = context;
        this.matcher = matcher;
        this.catalog = catalog;
        this.inTree = inTree;
        timeoutNanos = TimeUnit.SECONDS.toNanos(timeoutSeconds);
        mutex = kernel.mutex("module_mutex");
    }

    Mutex mutex() {
        return mutex;
    }

    /** Why the last attempt to load the module of that name failed, in a line; the empty string when it did not. */
    String lastFailure(String name) {
        return lastFailures.getOrDefault(name, "");
    }

    /** The bundle of a loaded module, or null. */
    Bundle bundle(LoadedModule module) {
        return bundles.get(module.name());
    }

    // ---- loading

    /**
     * Loads a module. With the mutex held.
     *
     * @return 0; -ENOENT no such file, or a package that it needs is missing; -ENOEXEC no module; -EEXIST there already; -EINVAL a parameter does not fit;
     *     -EINTR, -ETIME its start did not end; -ECANCELED its bundle was stopped by hand meanwhile; else the errno of its probe
     */
    int load(Task task, Path path, String arguments) {
        ModuleFile file = null;
        try {
            file = outside(task, () -> ModuleFile.read(path));
            lastFailures.remove(file.info().name());
            if (kernel.modules().get(file.info().name()) != null) {
                throw new ModuleFormatException(EEXIST, file.info().name() + ": module is already loaded");
            }
            Map<String, Object> parameters =
                    ModuleArguments.parse(file.info(), arguments, kernel.log().withPrefix(""));
            return start(task, file, parameters);
        } catch (ModuleFormatException e) {
            if (e.errno() != EEXIST) {
                failed(file == null ? path.toString() : file.info().name(), e.getMessage());
            }
            return -e.errno();
        }
    }

    private int start(Task task, ModuleFile file, Map<String, Object> parameters) {
        Initialisation initialisation = new Initialisation(
                kernel.waitQueue("module_init " + file.info().name()),
                (self, run) -> initialise(self, run, file, parameters),
                self -> finishLate(self, file));
        kernel.execution().startKernelThread("init/" + file.info().name(), initialisation::run);
        long left = initialisation.await(task, timeoutNanos);
        if (left > 0) {
            return initialisation.result();
        }
        return giveUp(task, file, initialisation, left == 0 ? ETIME : EINTR);
    }

    /** The start does not end: asks it to, and if that does not help leaves it behind. */
    private int giveUp(Task task, ModuleFile file, Initialisation initialisation, int errno) {
        initialisation.cancel();
        for (long waited = 0; waited < GRACE_NANOS && !initialisation.isDone(); waited += POLL_NANOS) {
            task.sleep(POLL_NANOS);
        }
        if (initialisation.isDone() || !initialisation.abandon()) {
            if (initialisation.result() == 0) {
                LoadedModule module = kernel.modules().get(file.info().name());
                kernel.modules().beginUnload(module, true);
                remove(task, module);
            }
            failed(file.info().name(), file.info().name() + ": start interrupted");
            return -errno;
        }
        String name = file.info().name();
        failed(name, name + ": start does not end; left behind, since Java code cannot be stopped from outside");
        printStack(initialisation.stack());
        return -errno;
    }

    /** A start that nobody waited for any more has ended after all. */
    private void finishLate(Task self, ModuleFile file) {
        mutex.lock(self);
        try {
            LoadedModule module = kernel.modules().get(file.info().name());
            if (module != null) {
                kernel.modules().beginUnload(module, true);
                remove(self, module);
            }
        } finally {
            mutex.unlock(self);
        }
        kernel.log().print(LogLevel.WARNING, file.info().name() + ": start has ended, too late; removed");
    }

    private int initialise(Task self, Initialisation run, ModuleFile file, Map<String, Object> parameters) {
        Bundle bundle = null;
        LoadedModule module = null;
        int result = 0;
        try {
            bundle = outside(self, () -> install(file.path()));
            Bundle installed = bundle;
            bundles.put(file.info().name(), bundle);
            outside(self, () -> resolve(installed, file));
            module = kernel.modules().add(file.infoWith(depends(bundle)), parameters);
            module.setPackages(file.packages());
            taint(file);
            outside(self, () -> begin(installed, file));
            bindAll(self, module, bundle);
            kernel.modules().live(module);
        } catch (ModuleFormatException e) {
            failed(file.info().name(), e.getMessage());
            result = -e.errno();
        } catch (ProbeFailure e) {
            if (bundle.getState() == Bundle.ACTIVE) {
                failed(file.info().name(), e.getMessage());
                explain(e.getCause());
                result = -e.errno();
            } else {
                failed(file.info().name(), file.info().name() + ": bundle was stopped while its module started");
                result = -ECANCELED;
            }
        }
        if (result != 0) {
            run.forgetCancellation(self);
            rollBack(self, module, bundle);
        }
        return result;
    }

    private Bundle install(Path path) throws ModuleFormatException {
        // A copy: the file may be compiled anew while its module is loaded.
        try (InputStream in = Files.newInputStream(path)) {
            return context.installBundle(path.toUri().toString(), in);
        } catch (IOException e) {
            throw new ModuleFormatException(ENOENT, path + ": " + e.getMessage());
        } catch (BundleException e) {
            throw new ModuleFormatException(ENOEXEC, path + ": " + e.getMessage());
        }
    }

    /** Wires the bundle to the packages that it needs, so that a missing one is known by its name. */
    private Bundle resolve(Bundle bundle, ModuleFile file) throws ModuleFormatException {
        FrameworkWiring wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        if (wiring.resolveBundles(List.of(bundle))) {
            return bundle;
        }
        for (BundleRequirement requirement :
                bundle.adapt(BundleRevision.class).getDeclaredRequirements(PackageNamespace.PACKAGE_NAMESPACE)) {
            boolean optional = Constants.RESOLUTION_OPTIONAL.equals(
                    requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE));
            if (!optional && wiring.findProviders(requirement).isEmpty()) {
                throw new ModuleFormatException(
                        ENOENT,
                        file.info().name() + ": Unknown symbol: nobody exports " + describe(requirement) + " (err -2)");
            }
        }
        return bundle;
    }

    /** {@code package a.b, version 1.0.0 to 2.0.0}, out of a filter. */
    private static String describe(BundleRequirement requirement) {
        String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
        Matcher parts = REQUIREMENT.matcher(filter);
        if (!parts.find()) {
            return filter;
        }
        String from = parts.group(2) == null ? "" : ", version " + parts.group(2);
        return "package " + parts.group(1) + from + (parts.group(3) == null ? "" : " to " + parts.group(3));
    }

    private List<String> depends(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring == null) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (BundleWire wire : wiring.getRequiredWires(PackageNamespace.PACKAGE_NAMESPACE)) {
            String name = ModuleFile.moduleName(wire.getProvider().getBundle());
            if (!name.isEmpty() && !names.contains(name) && wire.getProvider().getBundle() != bundle) {
                names.add(name);
            }
        }
        return names;
    }

    private static Bundle begin(Bundle bundle, ModuleFile file) throws ModuleFormatException {
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return bundle;
        } catch (BundleException e) {
            boolean unresolved =
                    e.getType() == BundleException.RESOLVE_ERROR || e.getType() == BundleException.REJECTED_BY_HOOK;
            if (e.getType() == BundleException.STATECHANGE_ERROR) {
                throw new ModuleFormatException(
                        ECANCELED, file.info().name() + ": bundle was stopped while its module started");
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ModuleFormatException(
                    unresolved ? ENOENT : EIO,
                    file.info().name()
                            + (unresolved
                                    ? ": Unknown symbol: " + e.getMessage().replace("Resolver hook exception: ", "")
                                    : ": init failed: " + cause));
        }
    }

    /** Each device that the module can drive; fails when there are some and it takes none. Those that are pulled out meanwhile do not count. */
    private void bindAll(Task task, LoadedModule module, Bundle bundle) throws ProbeFailure {
        List<ProbeFailure> failures = new ArrayList<>();
        boolean any = false;
        for (BusDevice device : kernel.machine().bus().devices()) {
            try {
                any |= matcher.bind(task, module, bundle, device);
            } catch (ProbeFailure e) {
                if (device.isPresent()) {
                    failures.add(e);
                }
            }
        }
        if (!failures.isEmpty() && !any) {
            throw failures.getFirst();
        }
        failures.forEach(this::report);
    }

    private void report(ProbeFailure failure) {
        kernel.log().print(LogLevel.WARNING, failure.getMessage());
        explain(failure.getCause());
    }

    private void taint(ModuleFile file) {
        if (inTree != null && !file.path().startsWith(inTree)) {
            if (!kernel.taint().has(Taint.Flag.OOT_MODULE)) {
                kernel.log()
                        .print(LogLevel.WARNING, file.info().name() + ": loading out-of-tree module taints kernel.");
            }
            kernel.taint().add(Taint.Flag.OOT_MODULE);
        }
    }

    private void failed(String name, String reason) {
        lastFailures.put(name, reason);
        kernel.log().print(LogLevel.WARNING, reason);
    }

    /** A probe that threw what it should not: where. */
    private void explain(Throwable cause) {
        if (cause == null || cause instanceof ProbeException) {
            return;
        }
        printStack(cause.getStackTrace());
    }

    /** Down to where the module's own code was called. */
    private void printStack(StackTraceElement... stack) {
        kernel.log().print(LogLevel.WARNING, "Call Trace:");
        for (int i = 0; i < Math.min(STACK_LINES, stack.length) && !isCaller(stack[i]); i++) {
            kernel.log().print(LogLevel.WARNING, " " + stack[i]);
        }
    }

    private static boolean isCaller(StackTraceElement frame) {
        return frame.getClassName().startsWith("jdk.internal.reflect.")
                || frame.getClassName().startsWith("org.apache.felix.");
    }

    private void rollBack(Task task, LoadedModule module, Bundle bundle) {
        if (module != null) {
            kernel.modules().beginUnload(module, true);
            remove(task, module);
        } else if (bundle != null) {
            uninstall(task, bundle);
            bundles.values().remove(bundle);
        }
    }

    // ---- unloading

    /**
     * Unloads a module. With the mutex held. May sleep, until the last call has left the driver.
     *
     * @param force although it is in use
     * @return 0; -ENOENT not loaded; -EBUSY not live; -EWOULDBLOCK in use
     */
    int unload(Task task, String name, boolean force) {
        LoadedModule module = kernel.modules().get(name);
        if (module == null) {
            return -ENOENT;
        }
        if (module.state() != LoadedModule.State.LIVE) {
            return -EBUSY;
        }
        boolean used = module.references() > 0;
        if (!kernel.modules().dependents(module.name()).isEmpty()
                || !kernel.modules().beginUnload(module, force)) {
            return -EAGAIN;
        }
        if (used) {
            kernel.taint().add(Taint.Flag.FORCED_RMMOD);
            kernel.log()
                    .print(LogLevel.WARNING, module.name() + ": forced unload while in use; open files are revoked");
        }
        remove(task, module);
        return 0;
    }

    private void remove(Task task, LoadedModule module) {
        for (DeviceBinding binding : kernel.devices().bindings(module).reversed()) {
            matcher.unbind(task, binding);
        }
        Bundle bundle = bundles.get(module.name());
        if (bundle != null) {
            uninstall(task, bundle);
            bundles.remove(module.name(), bundle);
        }
        kernel.modules().remove(module);
    }

    private void uninstall(Task task, Bundle bundle) {
        removing.add(bundle);
        try {
            outsideQuietly(task, () -> {
                try {
                    stop(bundle);
                    bundle.uninstall();
                } catch (IllegalStateException e) {
                    // Somebody else uninstalls it, perhaps in this very moment; then it is as gone as it should be.
                    if (bundle.getState() != Bundle.UNINSTALLED) {
                        throw e;
                    }
                }
                return null;
            });
        } finally {
            removing.remove(bundle);
        }
    }

    private void stop(Bundle bundle) {
        try {
            bundle.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            kernel.log().print(LogLevel.ERR, ModuleFile.moduleName(bundle) + ": exit failed: " + cause);
        }
    }

    // ---- what others do with the bundles of modules

    /** Whether the bundle is that of a module which is loaded, or on its way in or out. */
    boolean isOurs(Bundle bundle) {
        return bundles.containsValue(bundle);
    }

    /** Whether it is being stopped by us. */
    boolean isRemoving(Bundle bundle) {
        return removing.contains(bundle);
    }

    /**
     * A module's bundle is being stopped by somebody else, who waits on a thread of the host or of a task: its files are revoked at once; the rest
     * follows when he has finished.
     */
    void stoppedByHand(Bundle bundle) {
        LoadedModule module = kernel.modules().get(ModuleFile.moduleName(bundle));
        if (module == null) {
            return;
        }
        inKernel("module_stop", task -> revoke(task, module), () -> isRemoving(bundle));
        kernel.execution().startKernelThread("kmodule", task -> {
            mutex.lock(task);
            try {
                if (kernel.modules().get(module.name()) == module) {
                    kernel.modules().beginUnload(module, true);
                    remove(task, module);
                }
            } finally {
                mutex.unlock(task);
            }
        });
    }

    private void revoke(Task task, LoadedModule module) {
        for (DeviceBinding binding : kernel.devices().bindings(module).reversed()) {
            binding.revoke(task);
        }
    }

    /**
     * Runs kernel code on behalf of whoever is here, a thread of the host or a task that is in user mode, and waits for it. A thread of the host
     * waits no longer than it has to: it may hold a lock of the framework, and a task that wants that lock keeps its processor until it gets it.
     */
    private void inKernel(String name, Consumer<Task> code, BooleanSupplier isInVain) {
        Task current = kernel.execution().currentTask();
        if (current == null && !kernel.config().isDeterministic()) {
            CountDownLatch done = new CountDownLatch(1);
            kernel.execution().startKernelThread(name, task -> {
                code.accept(task);
                done.countDown();
            });
            awaitOnHost(done, isInVain);
            return;
        }
        boolean inUserMode = current != null && current.cpu().processor().mode() == Processor.USER;
        if (inUserMode) {
            current.enterKernel();
        }
        try {
            kernel.call(name, context -> {
                code.accept((Task) context);
                return null;
            });
        } finally {
            if (inUserMode) {
                current.leaveKernel();
            }
        }
    }

    private void awaitOnHost(CountDownLatch done, BooleanSupplier isInVain) {
        try {
            boolean waiting = true;
            while (waiting) {
                waiting =
                        !done.await(POLL_NANOS, TimeUnit.NANOSECONDS) && !isInVain.getAsBoolean() && !kernel.isHalted();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- devices that come while modules are loaded

    /** Finds a driver for a device, loading its module if that is wanted. With the mutex held. */
    void match(Task task, BusDevice device, boolean autoload) {
        if (kernel.devices().binding(device.name()) != null || !device.isPresent()) {
            return;
        }
        for (LoadedModule module : kernel.modules().modules()) {
            Bundle bundle = bundles.get(module.name());
            if (module.state() == LoadedModule.State.LIVE && bundle != null && !module.isBroken()) {
                try {
                    if (matcher.bind(task, module, bundle, device)) {
                        return;
                    }
                } catch (ProbeFailure e) {
                    report(e);
                }
            }
        }
        if (autoload) {
            ModuleFile file = outsideQuietly(task, () -> catalog.find(device.compatible()));
            if (file != null && kernel.modules().get(file.info().name()) == null) {
                load(task, file.path(), "");
            }
        }
    }

    /** Loads the module that has an alias, if there is one that is not loaded (Linux: request_module). May sleep; nothing happens when it fails. */
    void request(Task task, String alias) {
        mutex.lock(task);
        try {
            ModuleFile file = outsideQuietly(task, () -> catalog.find(alias));
            if (file != null && kernel.modules().get(file.info().name()) == null) {
                load(task, file.path(), "");
            }
        } finally {
            mutex.unlock(task);
        }
    }

    /** Parts all devices from their drivers, the newest first, while they are still there: each driver puts its own down. May sleep. */
    void shutDownDevices(Task task) {
        mutex.lock(task);
        try {
            for (DeviceBinding binding : kernel.devices().bindings().reversed()) {
                matcher.unbind(task, binding);
            }
        } finally {
            mutex.unlock(task);
        }
    }

    /** Uninstalls everything without ceremony: the kernel has halted and none of its tasks can move any more. */
    void abandonAll() {
        bundles.values().forEach(bundle -> {
            try {
                bundle.uninstall();
            } catch (BundleException | IllegalStateException _) {
                // It has gone already.
            }
        });
        bundles.clear();
    }

    ModuleInfo describe(ModuleFile file) {
        return file.infoWith(file.dependsOn(catalog.files()));
    }

    // ---- the host's side

    /** Work for the host in between: the processor is in user mode meanwhile, where interrupts are served. */
    private static <T> T outside(Task task, ModuleWork<T> work) throws ModuleFormatException {
        task.leaveKernel();
        try {
            return work.call();
        } finally {
            task.enterKernel();
        }
    }

    private static <T> T outsideQuietly(Task task, Callable<T> work) {
        task.leaveKernel();
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            task.enterKernel();
        }
    }

    /** Work that may find a module wanting. */
    @FunctionalInterface
    private interface ModuleWork<T> {
        T call() throws ModuleFormatException;
    }
}
