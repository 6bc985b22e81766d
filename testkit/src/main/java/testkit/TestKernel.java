// SPDX-License-Identifier: Apache-2.0
package testkit;

import hardware.machine.bus.BusDevice;
import hardware.machine.bus.DeviceModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import kernel.api.device.BoundDevice;
import kernel.core.Kernel;
import kernel.core.KernelConfig;
import kernel.core.device.DeviceBinding;
import kernel.core.execution.Task;
import kernel.core.module.LoadedModule;
import kernel.core.module.ModuleInfo;
import kernel.core.schedule.ExploringSchedule;
import kernel.core.trace.TraceListener;
import kernel.core.trace.TraceRecord;
import kernel.vfs.VirtualFileSystem;
import userland.libc.Crt;

/**
 * A kernel under test with its file systems, without a framework: devices are plugged in and drivers bound by hand, programs are bodies in Java.
 *
 * <p>In deterministic mode nothing moves but in {@link #run}, {@link #runUntil} and {@link #runFor}.
 */
public final class TestKernel implements AutoCloseable {
    private final Kernel kernel;
    private final List<TraceRecord> records = new ArrayList<>();
    private final Map<String, Object> drivers = new HashMap<>();
    private final TraceListener recorder = records::add;
    private boolean splatsExpected;

    private TestKernel(Kernel kernel) {
        this.kernel = kernel;
    }

    /** A kernel whose trace is hashed and kept. */
    public static TestKernel boot(KernelConfig config) {
        TestKernel test = bootQuietly(config);
        test.kernel.trace().enableHash();
        test.kernel.trace().listen(test.recorder);
        return test;
    }

    /** A deterministic kernel with that seed. */
    public static TestKernel deterministic(long seed) {
        return boot(KernelConfig.deterministic(seed));
    }

    /** A deterministic kernel that looks for races: an exploring schedule, and no trace, for speed. */
    public static TestKernel exploring(long seed, int cpus) {
        return bootQuietly(KernelConfig.deterministic(seed).withCpus(cpus).withSchedule(ExploringSchedule::new));
    }

    /** A kernel that runs by itself on the host's clock; its trace is off. */
    public static TestKernel live(int cpus) {
        return bootQuietly(KernelConfig.live().withCpus(cpus));
    }

    private static TestKernel bootQuietly(KernelConfig config) {
        Kernel kernel = new Kernel(config);
        VirtualFileSystem.mountRoot(kernel);
        return new TestKernel(kernel);
    }

    public Kernel kernel() {
        return kernel;
    }

    // ---- devices and drivers

    /** Plugs a device into the bus. */
    public BusDevice plug(DeviceModel model) {
        return kernel.machine().bus().attach(model);
    }

    /**
     * Loads a module around one driver and binds it to a device. What the probe throws is thrown on, after everything has been rolled back.
     *
     * @param <T> the driver's class
     */
    public <T> T bind(BusDevice device, String driver, Function<BoundDevice, T> probe) {
        LoadedModule module = module(driver);
        return kernel.call("insmod", context -> {
            T instance = kernel.devices().bind(device, module, driver, (Task) context, probe);
            drivers.put(device.name(), instance);
            return instance;
        });
    }

    /** The module of that name, loaded if need be. */
    public LoadedModule module(String name) {
        LoadedModule loaded = kernel.modules().get(name);
        if (loaded != null) {
            return loaded;
        }
        LoadedModule fresh = kernel.modules()
                .add(
                        new ModuleInfo(name, name + ".jar", 0, name, "Apache-2.0", List.of(), List.of(), List.of()),
                        Map.of());
        kernel.modules().live(fresh);
        return fresh;
    }

    /**
     * Takes a driver from its device as rmmod does: refused while files are open.
     *
     * @return false when it is in use
     */
    public boolean unbind(BusDevice device) {
        DeviceBinding binding = kernel.devices().binding(device.name());
        return kernel.call("rmmod", context -> {
            if (!kernel.modules().beginUnload(binding.module(), false)) {
                return false;
            }
            binding.release((Task) context);
            kernel.modules().remove(binding.module());
            return true;
        });
    }

    /** Pulls a device out while whatever is going on goes on; its driver goes as after a hot-unplug. */
    public void unplug(BusDevice device) {
        DeviceBinding binding = kernel.devices().binding(device.name());
        kernel.call("hotplug", context -> {
            kernel.machine().bus().detach(device.name());
            if (binding != null) {
                binding.release((Task) context);
            }
            return null;
        });
    }

    // ---- programs

    /** Starts a process with that body; it has no descriptors but what it opens. */
    public TestProcess start(String name, TestProcess.Body body) {
        return new TestProcess(kernel.spawn(
                new Crt(() -> (libc, arguments) -> body.run(libc)), new String[] {name}, new String[] {"PATH=/bin:/sbin"
                }));
    }

    /** Runs a body as a process to its end and answers its exit status. */
    public int run(String name, TestProcess.Body body) {
        TestProcess process = start(name, body);
        runUntil(() -> !process.isAlive());
        return process.exitCode();
    }

    // ---- time

    /** Lets the machine run until it rests. */
    public void run() {
        kernel.runUntilIdle();
    }

    /** Lets the machine run until the condition holds; that it rests before fails the test. */
    public void runUntil(BooleanSupplier condition) {
        if (!kernel.run(condition)) {
            throw new AssertionError("the machine rests and the condition does not hold");
        }
    }

    public void runFor(long nanos) {
        kernel.runFor(nanos);
    }

    // ---- what happened

    /** The text of the kernel log. */
    public String log() {
        return kernel.log().text();
    }

    public List<TraceRecord> trace() {
        return records;
    }

    public long traceHash() {
        return kernel.trace().hash();
    }

    /** The text of a file of /proc. */
    public String proc(String path) {
        return kernel.procTable().text(path);
    }

    /** Says that this test makes the kernel complain; else a complaint fails it. */
    public void expectSplats() {
        splatsExpected = true;
    }

    void checkNothingWrong() {
        if (!splatsExpected && kernel.taint().mask() != 0) {
            throw new AssertionError("the kernel complained:\n" + log());
        }
    }

    String firstDifference(TestKernel other) {
        int common = Math.min(records.size(), other.records.size());
        for (int i = 0; i < common; i++) {
            if (!records.get(i).equals(other.records.get(i))) {
                return "event " + i + "\n  first:  " + records.get(i) + "\n  second: " + other.records.get(i);
            }
        }
        return records.size() + " events first, " + other.records.size() + " then";
    }

    String evidence() {
        StringBuilder text = new StringBuilder("seed " + kernel.config().seed() + ", replay with -Dubend.seed="
                + kernel.config().seed());
        text.append("\n--- tasks\n");
        for (Task task : kernel.execution().tasks()) {
            text.append(task)
                    .append(" state ")
                    .append(task.state())
                    .append(" waits for '")
                    .append(task.waitingFor())
                    .append("'\n");
        }
        text.append("--- log\n").append(log()).append("--- last events\n");
        records.subList(Math.max(0, records.size() - 40), records.size())
                .forEach(event -> text.append(event).append('\n'));
        return text.toString();
    }

    @Override
    public void close() {
        kernel.close();
    }
}
