// SPDX-License-Identifier: Apache-2.0
package integration.tests.machine;

import integration.tests.framework.TestFramework;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import kernel.core.Kernel;
import kernel.core.control.HardwareControl;
import kernel.core.control.PowerControl;
import kernel.core.fs.NameSpace;
import kernel.core.trace.TraceRecord;
import kernel.uapi.OpenFlags;
import org.osgi.framework.BundleException;
import userland.libc.Crt;
import userland.libc.Libc;
import userland.libc.SystemCallException;

/**
 * One run of the same script on a deterministic kernel that the framework boots: a module is loaded, readers of two sensors race, one sensor is
 * pulled out and another one comes, programs of /bin talk through a pipe, the module goes.
 *
 * @param hash of the trace
 * @param output what the script saw
 * @param events of the trace
 */
public record Rehearsal(long hash, String output, List<TraceRecord> events) {
    private static final int READERS = 3;
    private static final int READINGS = 5;

    /** Starts the kernel's bundle anew, with that seed. */
    public static Rehearsal withNewSeed(TestFramework framework, long seed)
            throws BundleException, InterruptedException {
        TestMachine machine =
                TestMachine.boot(framework, "seed=" + seed, "devices=tempsensor,tempsensor:base_millicelsius=-40000");
        return run(framework, machine.kernel());
    }

    /** Reboots, with the seed of the last time. */
    public static Rehearsal again(TestFramework framework) throws InterruptedException {
        return run(framework, framework.service(PowerControl.class).reboot());
    }

    private static Rehearsal run(TestFramework framework, Kernel kernel) throws InterruptedException {
        List<TraceRecord> events = new ArrayList<>();
        kernel.trace().enableHash();
        kernel.trace().listen(events::add);
        HardwareControl hardware = framework.service(HardwareControl.class);
        framework.service(NameSpace.class);
        Path driver = framework.jar("drivers.tempsensor");
        AtomicReference<String> output = new AtomicReference<>();
        kernel.spawn(
                new Crt(() -> (libc, arguments) -> {
                    output.set(script(libc, driver, hardware));
                    return 0;
                }),
                new String[] {"script"},
                new String[] {"PATH=/bin"});
        if (!kernel.run(() -> output.get() != null)) {
            throw new AssertionError("the machine rests and the script is not over:\n"
                    + kernel.log().text());
        }
        kernel.runUntilIdle();
        return new Rehearsal(kernel.trace().hash(), output.get() + kernel.log().text(), events);
    }

    private static String script(Libc libc, Path driver, HardwareControl hardware) {
        StringBuilder seen = new StringBuilder();
        seen.append("insmod ").append(TestMachine.initModule(libc, driver)).append('\n');
        int out = libc.open("/tmp/out", OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_APPEND, 0600);
        for (int reader = 0; reader < READERS; reader++) {
            String node = reader % 2 == 0 ? "/dev/tempsensor" : "/dev/tempsensor1";
            libc.processes().fork(child -> {
                child.dup2(out, Libc.STDOUT);
                read(child, node);
                return 0;
            });
        }
        int hand = libc.processes().fork(child -> {
            child.clock().sleep(25_000_000);
            hardware.unplug("tempsensor1");
            hardware.plug("tempsensor", Map.of("base_millicelsius", "99000"));
            return 0;
        });
        for (int child = 0; child <= READERS; child++) {
            libc.processes().waitFor(-1);
        }
        seen.append("hand was ").append(hand).append('\n');
        int shell = libc.processes().fork(child -> {
            child.dup2(out, Libc.STDOUT);
            child.dup2(out, Libc.STDERR);
            child.processes()
                    .execve(
                            "/bin/sh",
                            List.of(
                                    "sh",
                                    "-c",
                                    "seq 5 | sort -r | head -n 3 & head -n 2 /dev/tempsensor | wc; wait; ls /dev"),
                            child.environment());
            return 1;
        });
        libc.processes().waitFor(shell);
        seen.append("rmmod ")
                .append(-libc.raw().deleteModule("tempsensor", OpenFlags.O_NONBLOCK))
                .append('\n');
        return seen.append(TestMachine.read(libc, "/tmp/out")).toString();
    }

    private static void read(Libc libc, String node) {
        int fd = libc.open(node, OpenFlags.O_RDONLY);
        for (int i = 0; i < READINGS; i++) {
            try {
                libc.stdout().print(libc.processes().getpid() + " " + TestMachine.readOnce(libc, fd));
            } catch (SystemCallException e) {
                libc.stdout().println(libc.processes().getpid() + " " + e.name());
            }
        }
        libc.stdout().flush();
    }

    /** Where two runs part, for the message of a failure. */
    public String differenceFrom(Rehearsal other) {
        for (int i = 0; i < Math.min(events.size(), other.events.size()); i++) {
            if (!events.get(i).equals(other.events.get(i))) {
                return "event " + i + "\n  " + events.get(i) + "\n  " + other.events.get(i);
            }
        }
        return events.size() + " events against " + other.events.size();
    }
}
