// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static integration.tests.machine.TestMachine.readOnce;
import static kernel.uapi.Errno.EEXIST;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.EWOULDBLOCK;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.framework.InFramework;
import integration.tests.framework.LoaderWatch;
import integration.tests.framework.TestFramework;
import integration.tests.machine.TestMachine;
import integration.tests.machine.TestProcess;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceListener;
import kernel.core.trace.TraceRecord;
import kernel.uapi.FileMode;
import kernel.uapi.Signal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.InvalidSyntaxException;
import userland.libc.FileStatus;
import userland.libc.Libc;
import userland.libc.SystemCallException;

/** A driver's bundle comes and goes while the kernel runs: what is there then, and what is gone afterwards. */
@InFramework(
        bundles = {"hardware.machine", "kernel.api", "kernel.core", "kernel.vfs", "hardware.tempsensor", "userland"},
        properties = "ubend.parameters=devices=")
class ModuleLifecycleIT {
    private static final String DRIVER = "drivers.tempsensor";
    private static final String NODE = "/dev/tempsensor";
    /** A conversion that does not end while a test runs. */
    private static final String ENDLESS = "conversion_us=600000000";

    private TestMachine machine;

    @BeforeEach
    void reboot(TestFramework framework) throws InterruptedException {
        machine = TestMachine.reboot(framework);
    }

    @Test
    void aLoadedModuleShowsEverywhere() {
        String sensor = machine.plugSensor();
        assertThat(machine.insmod(DRIVER)).isZero();
        assertThat(machine.lsmod()).containsExactly("tempsensor");
        assertThat(machine.cat("/proc/modules")).matches("tempsensor \\d+ 0 - Live 0x\\p{XDigit}+.*\n");
        assertThat(machine.cat("/proc/devices")).containsPattern("(?m)^240 tempsensor$");
        assertThat(machine.cat("/proc/interrupts")).containsPattern("(?m)^ *\\d+: +0 +0 .*Level +" + sensor + "$");
        assertThat(machine.dmesg())
                .anyMatch(line -> line.matches("tempsensor " + sensor + ": irq \\d+, /dev/tempsensor"));
        FileStatus node = machine.stat(NODE);
        assertThat(node.isCharacterDevice()).isTrue();
        assertThat(node.rawDevice()).isEqualTo(FileMode.device(240, 0));
        assertThat(machine.device(sensor).module()).isEqualTo("tempsensor");
        assertThat(machine.device(sensor).nodes()).containsExactly("tempsensor");
    }

    @Test
    void aReaderSleepsIsWokenAndGetsTheTemperature() {
        machine.plugSensor();
        machine.insmod(DRIVER);
        ConcurrentLinkedQueue<TraceRecord> trace = new ConcurrentLinkedQueue<>();
        TraceListener recorder = trace::add;
        machine.kernel().trace().listen(recorder);
        AtomicReference<String> text = new AtomicReference<>();
        TestProcess reader = machine.start("reader", libc -> {
            text.set(readOnce(libc, libc.open(NODE, O_RDONLY)));
            return 0;
        });
        assertThat(reader.await().exitCode()).isZero();
        machine.kernel().trace().unlisten(recorder);
        assertThat(text).hasValue("21.500\n");
        List<TraceEvent> journey = trace.stream()
                .filter(event -> event.pid() == reader.pid()
                        || (event.event() == TraceEvent.WAKEUP && event.a() == reader.pid())
                        || (event.event() == TraceEvent.IRQ_ENTRY && event.b() == 0))
                .map(TraceRecord::event)
                .toList();
        assertThat(journey)
                .containsSubsequence(
                        TraceEvent.DRIVER_ENTER,
                        TraceEvent.SLEEP,
                        TraceEvent.SWITCH,
                        TraceEvent.IRQ_ENTRY,
                        TraceEvent.WAKEUP,
                        TraceEvent.COPY_TO_USER,
                        TraceEvent.DRIVER_EXIT);
        assertThat(machine.cat("/proc/interrupts")).containsPattern("(?m)^ *\\d+: +(1 +0|0 +1) .*tempsensor");
    }

    @Test
    void aModuleInUseStaysAndItsUsersAreNamed() {
        machine.plugSensor(ENDLESS);
        machine.insmod(DRIVER);
        TestProcess reader = machine.start("reader", libc -> {
            int fd = libc.open(NODE, O_RDONLY);
            return readOnce(libc, libc.dup2(fd, 7)).length();
        });
        reader.awaitAsleepIn("tempsensor finished");
        assertThat(machine.rmmod("tempsensor")).isEqualTo(EWOULDBLOCK);
        assertThat(machine.modules().holders("tempsensor"))
                .containsExactly(
                        "reader[%d] fd 0 %s".formatted(reader.pid(), NODE),
                        "reader[%d] fd 7 %s".formatted(reader.pid(), NODE));
        assertThat(machine.cat("/proc/modules")).startsWith("tempsensor ").contains(" 1 - Live ");
        machine.kill(reader);
        assertThat(reader.await().signal()).isEqualTo(Signal.SIGKILL);
        assertThat(machine.rmmod("tempsensor")).isZero();
    }

    @Test
    void aModuleThatIsGoneLeavesNothingBehind(TestFramework framework) throws Exception {
        String sensor = machine.plugSensor("conversion_us=1000");
        int bundles = framework.context().getBundles().length;
        machine.insmod(DRIVER);
        assertThat(machine.head(NODE)).isEqualTo("21.500\n");
        LoaderWatch watch = watch(framework);
        assertThat(services(framework)).isEqualTo(2);

        assertThat(machine.rmmod("tempsensor")).isZero();
        assertThat(machine.exists(NODE)).isFalse();
        assertThat(machine.cat("/proc/modules")).isEmpty();
        assertThat(machine.cat("/proc/devices")).doesNotContain("tempsensor");
        assertThat(machine.cat("/proc/interrupts")).doesNotContain("tempsensor");
        assertThat(machine.device(sensor).driver()).isEmpty();
        assertThat(machine.device(sensor).nodes()).isEmpty();
        assertThat(services(framework)).isZero();
        assertThat(framework.context().getBundles()).hasSize(bundles);
        assertThat(framework.bundle(DRIVER)).isEmpty();
        watch.awaitCollected();
    }

    @Test
    void aModuleCanBeLoadedAgain() {
        machine.plugSensor();
        for (int i = 0; i < 3; i++) {
            assertThat(machine.insmod(DRIVER)).isZero();
            assertThat(machine.insmod(DRIVER)).isEqualTo(EEXIST);
            assertThat(machine.head(NODE)).matches("2\\d\\.\\d{3}\n");
            assertThat(machine.rmmod("tempsensor")).isZero();
            assertThat(machine.rmmod("tempsensor")).isEqualTo(ENOENT);
        }
    }

    @Test
    void aForcedUnloadWakesSleepersWithEnodev(TestFramework framework) throws Exception {
        machine.plugSensor(ENDLESS);
        machine.insmod(DRIVER);
        LoaderWatch watch = watch(framework);
        TestProcess reader = machine.start("reader", libc -> {
            int fd = libc.open(NODE, O_RDONLY);
            int first = errnoOfRead(libc, fd);
            int second = errnoOfRead(libc, fd);
            libc.close(fd);
            return first == second ? first : 255;
        });
        reader.awaitAsleepIn("tempsensor finished");
        assertThat(machine.rmmodForced("tempsensor")).isZero();
        assertThat(reader.await().exitCode()).isEqualTo(ENODEV);
        assertThat(machine.kernel().taint().text()).contains("R");
        assertThat(machine.dmesg()).contains("tempsensor: forced unload while in use; open files are revoked");
        watch.awaitCollected();
        assertThat(machine.insmod(DRIVER)).isZero();
    }

    @Test
    void parametersReachTheDriver() {
        String sensor = machine.plugSensor(ENDLESS);
        assertThat(machine.insmod(DRIVER, "conversion_us=1500")).isZero();
        assertThat(machine.head(NODE)).isEqualTo("21.500\n");
        assertThat(machine.modules().loaded().getFirst().parameters()).containsEntry("conversion_us", 1500);
        assertThat(machine.device(sensor).driver()).isEqualTo("tempsensor");
    }

    @Test
    void everySensorHasANodeOfItsOwn() {
        machine.plugSensor("base_millicelsius=1000");
        machine.plugSensor("base_millicelsius=2000");
        machine.insmod(DRIVER);
        machine.plugSensor("base_millicelsius=3000");
        assertThat(machine.head(NODE) + machine.head(NODE + 1) + machine.head(NODE + 2))
                .isEqualTo("1.000\n2.000\n3.000\n");
        assertThat(machine.stat(NODE + 2).rawDevice()).isEqualTo(FileMode.device(240, 2));
    }

    @Test
    void aSensorThatIsPulledOutTakesItsNodeAlongAndOneThatComesGetsIt() {
        String first = machine.plugSensor();
        String second = machine.plugSensor("base_millicelsius=-5000");
        machine.insmod(DRIVER);
        machine.unplug(first);
        assertThat(machine.exists(NODE)).isFalse();
        assertThat(machine.head(NODE + 1)).isEqualTo("-5.000\n");
        assertThat(machine.cat("/proc/interrupts")).doesNotContain(first + "\n").contains(second);
        machine.plugSensor("base_millicelsius=7000");
        assertThat(machine.head(NODE)).isEqualTo("7.000\n");
        machine.unplug(second);
        assertThat(machine.lsmod()).containsExactly("tempsensor");
    }

    @Test
    void anUnpluggedSensorWakesItsReaders() {
        String sensor = machine.plugSensor(ENDLESS);
        machine.insmod(DRIVER);
        TestProcess.Body readToTheEnd = libc -> errnoOfRead(libc, libc.open(NODE, O_RDONLY));
        TestProcess measuring = machine.start("measuring", readToTheEnd);
        measuring.awaitAsleepIn("tempsensor finished");
        TestProcess queueing = machine.start("queueing", readToTheEnd);
        queueing.awaitAsleepIn("tempsensor turn");
        machine.unplug(sensor);
        assertThat(measuring.await().exitCode()).isEqualTo(ENODEV);
        assertThat(queueing.await().exitCode()).isEqualTo(ENODEV);
        assertThat(machine.modules().loaded().getFirst().references()).isZero();
    }

    @Test
    void aModuleWithoutADeviceIsLoadedAndWaits() {
        assertThat(machine.insmod(DRIVER)).isZero();
        assertThat(machine.exists(NODE)).isFalse();
        machine.plugSensor();
        assertThat(machine.exists(NODE)).isTrue();
    }

    private static int errnoOfRead(Libc libc, int fd) {
        try {
            readOnce(libc, fd);
            return 0;
        } catch (SystemCallException e) {
            return e.errno();
        }
    }

    private static LoaderWatch watch(TestFramework framework) {
        Bundle bundle = framework.bundle(DRIVER).orElseThrow();
        return framework.watch(bundle);
    }

    /** What the driver has published: its component factory and its devices. */
    private static long services(TestFramework framework) throws InvalidSyntaxException {
        var references = framework.context().getAllServiceReferences(null, "(service.bundleid=*)");
        return java.util.stream.Stream.of(references)
                .filter(reference -> DRIVER.equals(reference.getBundle().getSymbolicName()))
                .count();
    }
}
