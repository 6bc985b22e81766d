// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static integration.tests.machine.TestMachine.initModule;
import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.ECANCELED;
import static kernel.uapi.Errno.EEXIST;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.OpenFlags.O_NONBLOCK;
import static kernel.uapi.OpenFlags.O_TRUNC;
import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.framework.InFramework;
import integration.tests.framework.TestFramework;
import integration.tests.machine.Inventory;
import integration.tests.machine.PersistentReader;
import integration.tests.machine.TestMachine;
import integration.tests.machine.TestProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import kernel.core.failure.Taint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import userland.libc.Libc;

/**
 * Everything at once, on the host's clock: readers read, a process loads and unloads the driver, sensors are plugged and pulled, and somebody
 * stops bundles by hand.
 */
@InFramework(
        bundles = {"hardware.machine", "kernel.api", "kernel.core", "kernel.vfs", "hardware.tempsensor", "userland"})
class StressIT {
    private static final String DRIVER = "drivers.tempsensor";
    private static final int ACTIONS = Effort.of(150, 3_000);
    private static final int READERS = 8;
    private static final int SENSORS = 2;
    private static final String[] FAST = {"conversion_us=200"};

    /** What rmmod may say: in use, in the middle of something, gone already. */
    private static final Set<Integer> NOT_NOW = Set.of(0, EAGAIN, EBUSY, ENOENT);
    /** What insmod may say: there already, or about to go, or stopped by hand meanwhile. */
    private static final Set<Integer> NOT_AGAIN = Set.of(0, EEXIST, ECANCELED);

    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicInteger loads = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void nothingHangsAndNothingComplains(int cpus, TestFramework framework) throws Exception {
        TestMachine machine = TestMachine.boot(framework, "devices=", "cpus=" + cpus);
        machine.insmod(DRIVER);
        machine.rmmod("tempsensor");
        Inventory before = machine.inventory();

        String[] sensors = new String[SENSORS];
        List<PersistentReader> readers = IntStream.range(0, READERS)
                .mapToObj(
                        i -> PersistentReader.start(machine, "/dev/tempsensor" + (i % SENSORS == 0 ? "" : i % SENSORS)))
                .toList();
        Path jar = framework.jar(DRIVER);
        TestProcess loader = machine.start("loader", libc -> loadAndUnload(libc, jar));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int action = 0; action < ACTIONS; action++) {
            int which = random.nextInt(SENSORS);
            if (sensors[which] == null) {
                sensors[which] = machine.plugSensor(FAST);
            } else if (random.nextInt(4) == 0) {
                stopByHand(framework);
            } else {
                machine.unplug(sensors[which]);
                sensors[which] = null;
            }
        }
        enough.set(true);
        assertThat(loader.await().status())
                .as("loader, seed %d: %s", seed, machine.dmesg())
                .isZero();

        assertThat(loads).as("loads with seed %d", seed).hasPositiveValue();
        for (int which = 0; which < SENSORS; which++) {
            sensors[which] = sensors[which] == null ? machine.plugSensor(FAST) : sensors[which];
        }
        assertThat(machine.insmod(DRIVER)).isIn(NOT_AGAIN);
        int[] readings = readers.stream().mapToInt(PersistentReader::readings).toArray();
        machine.await(
                "all readers read again",
                () -> IntStream.range(0, READERS).allMatch(i -> readers.get(i).readings() > readings[i]));
        readers.forEach(PersistentReader::stop);

        assertThat(machine.modules().loaded().getFirst().references()).isZero();
        assertThat(machine.rmmod("tempsensor")).isZero();
        for (String sensor : sensors) {
            machine.unplug(sensor);
        }
        assertThat(machine.inventory()).usingRecursiveComparison().isEqualTo(before);
        long forced = Taint.Flag.FORCED_RMMOD.mask();
        assertThat(machine.kernel().taint().mask() & ~forced)
                .as("%s", machine.dmesg())
                .isZero();
    }

    /** The loader, a process. */
    private int loadAndUnload(Libc libc, Path jar) {
        Random random = new Random(libc.processes().getpid());
        while (!enough.get()) {
            int error = initModule(libc, jar);
            if (!NOT_AGAIN.contains(error)) {
                return error;
            }
            loads.addAndGet(error == 0 ? 1 : 0);
            int flags = O_NONBLOCK | (random.nextBoolean() ? O_TRUNC : 0);
            error = (int) -libc.raw().deleteModule("tempsensor", flags);
            if (!NOT_NOW.contains(error)) {
                return error;
            }
        }
        return 0;
    }

    /** Stops or uninstalls the driver's bundle, if it is there now. */
    private static void stopByHand(TestFramework framework) {
        Optional<Bundle> bundle = framework.bundle(DRIVER);
        try {
            if (bundle.isPresent() && bundle.get().getState() == Bundle.ACTIVE) {
                bundle.get().stop();
            }
        } catch (BundleException | IllegalStateException _) {
            // Somebody was faster.
        }
    }
}
