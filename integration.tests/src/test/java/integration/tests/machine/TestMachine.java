// SPDX-License-Identifier: Apache-2.0
package integration.tests.machine;

import integration.tests.framework.TestBundle;
import integration.tests.framework.TestFramework;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kernel.core.Kernel;
import kernel.core.control.HardwareControl;
import kernel.core.control.HardwareControl.DeviceState;
import kernel.core.control.ModuleControl;
import kernel.core.control.PowerControl;
import kernel.core.fs.NameSpace;
import kernel.core.log.LogEntry;
import kernel.uapi.OpenFlags;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import userland.libc.Arena;
import userland.libc.Crt;
import userland.libc.DirectoryEntry;
import userland.libc.FileStatus;
import userland.libc.Libc;
import userland.libc.SystemCallException;
import userland.libc.WaitStatus;

/**
 * The machine that the framework under test boots, live unless its parameters say otherwise. Everything is done the way its user does it: modules come and go by the
 * system calls of a process, files are read by a process, devices are plugged by hand.
 *
 * <p>Waits for conditions and never for a time; what does not come within {@link TestFramework#PATIENCE} fails the test, with all that is
 * known of the kernel.
 */
public final class TestMachine {
    private static final String PARAMETERS = "ubend.parameters";
    /** Between two looks at a condition. */
    private static final long LOOK_NANOS = 200_000;

    private static final int READ_BYTES = 4096;

    private final TestFramework framework;
    private final Kernel kernel;
    private final HardwareControl hardware;
    private final ModuleControl modules;

    private TestMachine(TestFramework framework, Kernel kernel) throws InterruptedException {
        this.framework = framework;
        this.kernel = kernel;
        hardware = framework.service(HardwareControl.class);
        modules = framework.service(ModuleControl.class);
        // Once it is there, processes can be started.
        framework.service(NameSpace.class);
    }

    /** Switches the machine off and on: a new kernel, no modules, the devices of the kernel's command line. */
    public static TestMachine reboot(TestFramework framework) throws InterruptedException {
        Kernel kernel = framework.service(PowerControl.class).reboot();
        return new TestMachine(framework, kernel);
    }

    /** Starts the kernel's bundle anew with these kernel parameters; for a test class that gives the framework none. */
    public static TestMachine boot(TestFramework framework, String... parameters)
            throws BundleException, InterruptedException {
        // What the framework's configuration does not have it looks for among the properties of the JVM.
        System.setProperty(PARAMETERS, String.join("\n", parameters));
        try {
            Bundle kernel = framework.bundle("kernel.core").orElseThrow();
            kernel.stop();
            kernel.start();
            return new TestMachine(
                    framework, framework.service(PowerControl.class).kernel());
        } finally {
            System.clearProperty(PARAMETERS);
        }
    }

    public Kernel kernel() {
        return kernel;
    }

    public HardwareControl hardware() {
        return hardware;
    }

    public ModuleControl modules() {
        return modules;
    }

    // ---- modules

    /** insmod of a bundle of the house; 0 or a positive errno. */
    public int insmod(String symbolicName, String... parameters) {
        return insmod(framework.jar(symbolicName), parameters);
    }

    /** insmod of a bundle made for the test; 0 or a positive errno. */
    public int insmod(TestBundle module, String... parameters) {
        return insmod(module.jar(), parameters);
    }

    /** init_module(2); 0 or a positive errno. */
    public int insmod(Path file, String... parameters) {
        return call("insmod", libc -> initModule(libc, file, parameters));
    }

    /** init_module(2) in a process of its own; 0 or a positive errno. */
    public static int initModule(Libc libc, Path file, String... parameters) {
        try (Arena arena = libc.arena()) {
            String path = file.toString();
            return (int) -libc.raw()
                    .call(
                            SystemCallNumber.INIT_MODULE,
                            arena.string(path),
                            path.length(),
                            arena.string(String.join(" ", parameters)));
        }
    }

    /** delete_module(2); 0 or a positive errno. */
    public int rmmod(String name) {
        return call("rmmod", libc -> (int) -libc.raw().deleteModule(name, OpenFlags.O_NONBLOCK));
    }

    /** delete_module(2) although it is in use; 0 or a positive errno. */
    public int rmmodForced(String name) {
        return call("rmmod", libc -> (int) -libc.raw().deleteModule(name, OpenFlags.O_NONBLOCK | OpenFlags.O_TRUNC));
    }

    /** The names of the modules in the kernel, newest first. */
    public List<String> lsmod() {
        return modules.loaded().stream().map(ModuleControl.ModuleState::name).toList();
    }

    // ---- devices

    /** Plugs a temperature sensor in, with parameters as {@code key=value}, and waits until the kernel has dealt with it. */
    public String plugSensor(String... parameters) {
        String name = hardware.plug(
                "tempsensor",
                Stream.of(parameters).map(word -> word.split("=", 2)).collect(Collectors.toMap(w -> w[0], w -> w[1])));
        settle();
        return name;
    }

    /** Pulls a device out and waits until the kernel has dealt with it. */
    public void unplug(String device) {
        if (!hardware.unplug(device)) {
            throw new AssertionError("no device " + device + " on the bus");
        }
        settle();
    }

    public void settle() {
        await("the kernel has dealt with what was plugged and pulled", hardware::isSettled);
    }

    public DeviceState device(String name) {
        return hardware.devices().stream()
                .filter(device -> device.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no device " + name + " on the bus"));
    }

    // ---- processes

    /** Starts a process; its parent waits for it. */
    public TestProcess start(String name, TestProcess.Body body) {
        TestProcess process = new TestProcess(this, name);
        Crt parent = new Crt(() -> (libc, arguments) -> {
            int pid = libc.processes().fork(body::run);
            process.forked(pid);
            process.ended(libc.processes().waitFor(pid));
            return 0;
        });
        kernel.spawn(parent, new String[] {name}, new String[] {"PATH=/bin:/sbin"});
        return process;
    }

    /** Runs a process to its end and answers how it ended. */
    public WaitStatus run(String name, TestProcess.Body body) {
        return start(name, body).await();
    }

    /** Runs code in a process of its own and answers what it answers. */
    public <T> T call(String name, Function<Libc, T> code) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        WaitStatus status = run(name, libc -> {
            try {
                answer.complete(code.apply(libc));
                return 0;
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
                return 1;
            }
        });
        if (answer.isCompletedExceptionally() && answer.exceptionNow() instanceof RuntimeException thrown) {
            throw thrown;
        }
        if (!answer.isDone()) {
            throw new AssertionError(name + " was killed by signal " + status.signal() + evidence());
        }
        return answer.join();
    }

    /** Runs a command line with the shell and answers what it prints, errors too. */
    public String sh(String line) {
        return call("sh", libc -> {
            String file = "/tmp/sh." + libc.processes().getpid();
            int out = libc.open(file, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_TRUNC, 0600);
            int shell = libc.processes().fork(child -> {
                child.dup2(out, Libc.STDOUT);
                child.dup2(out, Libc.STDERR);
                child.processes().execve("/bin/sh", List.of("sh", "-c", line), child.environment());
                return 1;
            });
            libc.processes().waitFor(shell);
            libc.close(out);
            String text = read(libc, file);
            libc.unlink(file);
            return text;
        });
    }

    public void kill(TestProcess process) {
        run("kill", libc -> {
            libc.processes().kill(process.pid(), Signal.SIGKILL);
            return 0;
        });
    }

    /** The text of a file, as a process reads it. */
    public String cat(String path) {
        return call("cat", libc -> read(libc, path));
    }

    /** What one read gives after opening the file. */
    public String head(String path) {
        return call("head", libc -> {
            int fd = libc.open(path, OpenFlags.O_RDONLY);
            String text = readOnce(libc, fd);
            libc.close(fd);
            return text;
        });
    }

    public FileStatus stat(String path) {
        return call("stat", libc -> libc.stat(path));
    }

    /** The names in a directory, sorted. */
    public List<String> ls(String directory) {
        return call(
                "ls",
                libc -> libc.listDirectory(directory).stream()
                        .map(DirectoryEntry::name)
                        .sorted()
                        .toList());
    }

    /** Whether there is a file of that name. */
    public boolean exists(String path) {
        return call("test", libc -> {
            try {
                libc.stat(path);
                return true;
            } catch (SystemCallException.NoSuchFile _) {
                return false;
            }
        });
    }

    /** All of a file, from opening to the end. */
    public static String read(Libc libc, String path) {
        int fd = libc.open(path, OpenFlags.O_RDONLY);
        StringBuilder text = new StringBuilder();
        for (String part = readOnce(libc, fd); !part.isEmpty(); part = readOnce(libc, fd)) {
            text.append(part);
        }
        libc.close(fd);
        return text.toString();
    }

    /** One read(2). */
    public static String readOnce(Libc libc, int fd) {
        try (Arena arena = libc.arena()) {
            long buffer = arena.allocate(READ_BYTES);
            byte[] bytes = new byte[libc.read(fd, buffer, READ_BYTES)];
            libc.processor().load(buffer, bytes, 0, bytes.length);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    // ---- what the kernel says

    /** The lines of the log, without the time. */
    public List<String> dmesg() {
        return kernel.log().entries().stream().map(LogEntry::text).toList();
    }

    /** Those who sleep or run now, each with what it sleeps on. */
    Map<Integer, String> tasks() {
        var processes = kernel.procTable().processes();
        Map<Integer, String> tasks = new TreeMap<>();
        for (int pid : processes.pids()) {
            tasks.put(pid, (processes.text(pid, "comm") + " in " + processes.text(pid, "wchan")).replace("\n", ""));
        }
        return tasks;
    }

    /** All that there is now, to compare with what there is later. */
    public Inventory inventory() {
        return Inventory.of(framework, this);
    }

    /** Returns once the last process has gone, parents that only waited for a test's process too. */
    void awaitNoProcesses() {
        var processes = kernel.procTable().processes();
        await(
                "the processes have ended",
                () -> processes.pids().stream().noneMatch(pid -> {
                    String status = processes.text(pid, "status");
                    return status != null && status.contains("FDSize");
                }));
    }

    /** Returns once the condition holds. */
    public void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TestFramework.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("still waiting until " + what + evidence());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private String evidence() {
        return "\n--- tasks\n" + tasks() + "\n--- threads\n" + Threads.dump() + "\n--- log\n"
                + String.join("\n", dmesg());
    }
}
