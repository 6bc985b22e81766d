// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static integration.tests.BadModules.assertThatAGoodModuleWorks;
import static integration.tests.BadModules.broken;
import static integration.tests.BadModules.faulty;
import static integration.tests.machine.TestMachine.initModule;
import static integration.tests.machine.TestMachine.readOnce;
import static kernel.uapi.Errno.EEXIST;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOEXEC;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.Signal.SIGKILL;
import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.framework.InFramework;
import integration.tests.framework.LoaderWatch;
import integration.tests.framework.TestBundle;
import integration.tests.framework.TestFramework;
import integration.tests.machine.Inventory;
import integration.tests.machine.TestMachine;
import integration.tests.machine.TestProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import userland.libc.SystemCallException;
import userland.libc.WaitStatus;

/**
 * Modules that are broken, in every way that was thought of: what insmod says, what the log says, and that the kernel goes on with nothing
 * of them left.
 */
@InFramework(
        bundles = {"hardware.machine", "kernel.api", "kernel.core", "kernel.vfs", "hardware.tempsensor", "userland"},
        properties = "ubend.parameters=devices=")
class BadModulesIT {
    private static final String DRIVER = "drivers.tempsensor";
    private static final String NODE = "/dev/broken";

    /** Opens the broken driver's node and reads once; the exit status is the errno. */
    private static final TestProcess.Body READ = libc -> {
        try {
            readOnce(libc, libc.open(NODE, O_RDONLY));
            return 0;
        } catch (SystemCallException e) {
            return e.errno();
        }
    };

    private TestMachine machine;
    private String sensor;

    @BeforeEach
    void reboot(TestFramework framework) throws InterruptedException {
        machine = TestMachine.reboot(framework);
        sensor = machine.plugSensor("conversion_us=100");
    }

    // ---- files that are no modules

    @Test
    void aFileThatIsNotThereIsNotLoaded() {
        assertThat(machine.insmod(Path.of("/nowhere/module.jar"))).isEqualTo(ENOENT);
        assertThat(machine.dmesg()).contains("/nowhere/module.jar: no such file");
    }

    @Test
    void aFileThatIsNoJarIsNotLoaded(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("module.jar"), "not a jar at all");
        refused(file, "not a jar");
    }

    @Test
    void aJarThatIsCutOffIsNotLoaded(TestFramework framework, @TempDir Path directory) throws IOException {
        byte[] whole = Files.readAllBytes(framework.jar(DRIVER));
        refused(Files.write(directory.resolve("half.jar"), Arrays.copyOf(whole, whole.length / 2)), "not a jar");
    }

    @Test
    void aJarThatIsNoBundleIsNotLoaded(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("plain.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), new Manifest())) {
            jar.finish();
        }
        refused(file, "a jar, but no bundle: its manifest has no Bundle-SymbolicName");
    }

    @Test
    void aBundleThatIsNoModuleIsNotLoaded(TestFramework framework) {
        refused(framework.jar("hardware.tempsensor"), "a bundle, but no module: its manifest has no Kernel-Module");
    }

    private void refused(Path file, String reason) {
        assertThat(machine.insmod(file)).isEqualTo(ENOEXEC);
        assertThat(machine.dmesg()).anyMatch(line -> line.contains(file.getFileName() + ": " + reason));
        aGoodModuleWorks();
    }

    // ---- what a module needs and is given

    @Test
    void aMissingPackageIsNamed() {
        TestBundle module = faulty().header(Constants.IMPORT_PACKAGE, "nobody.has.it;version=\"[2,3)\", *");
        assertThat(machine.insmod(module)).isEqualTo(ENOENT);
        assertThat(machine.dmesg())
                .anyMatch(line -> line.startsWith("faulty: Unknown symbol") && line.contains("nobody.has.it"));
        aGoodModuleWorks();
    }

    @Test
    void anUnknownParameterIsIgnoredAndSaidSo() {
        assertThat(machine.insmod(DRIVER, "volume=11", "conversion_us=200")).isZero();
        assertThat(machine.dmesg()).contains("tempsensor: unknown parameter 'volume' ignored");
        assertThat(machine.modules().loaded().getFirst().parameters()).containsOnlyKeys("conversion_us");
    }

    @ParameterizedTest
    @CsvSource({"conversion_us=soon", "conversion_us=-1", "conversion_us=", "conversion_us", "conversion_us=4294967296"
    })
    void aParameterThatDoesNotFitIsRefused(String parameter) {
        assertThat(machine.insmod(DRIVER, parameter)).isEqualTo(EINVAL);
        assertThat(machine.dmesg())
                .anyMatch(line -> line.matches("tempsensor: '.*' invalid for parameter 'conversion_us' \\(uint\\)"));
        aGoodModuleWorks();
    }

    @Test
    void aModuleIsLoadedOnce(TestFramework framework) throws IOException {
        assertThat(machine.insmod(DRIVER)).isZero();
        assertThat(machine.insmod(DRIVER)).isEqualTo(EEXIST);
        Path copy = Files.createTempFile("copy", ".jar");
        Files.write(copy, Files.readAllBytes(framework.jar(DRIVER)));
        assertThat(machine.insmod(copy)).isEqualTo(EEXIST);
        Files.delete(copy);
        assertThat(machine.head("/dev/tempsensor")).isEqualTo("21.500\n");
        assertThat(machine.rmmod("tempsensor")).isZero();
    }

    // ---- probes

    @ParameterizedTest
    @CsvSource({
        "busy, 16, somebody else has the sensor: Device or resource busy",
        "exception, 5, java.lang.IllegalStateException: this probe is broken at FaultyProbe.java:",
        "error, 5, java.lang.NoSuchMethodError: of a kernel that this driver was not compiled for at FaultyProbe.java:"
    })
    void aProbeThatFailsLeavesNothingBehind(String fault, int errno, String reason) throws InterruptedException {
        // What the kernel makes once is made now.
        assertThat(machine.insmod(faulty(), "fault=" + fault)).isEqualTo(errno);
        Inventory before = machine.inventory();
        assertThat(machine.insmod(faulty(), "fault=" + fault)).isEqualTo(errno);
        assertThat(machine.inventory()).usingRecursiveComparison().isEqualTo(before);
        assertThat(machine.dmesg())
                .anyMatch(line ->
                        line.startsWith("faulty: probe of " + sensor + " failed with error -" + errno + ": " + reason));
        assertThat(machine.lsmod()).isEmpty();
        aGoodModuleWorks();
    }

    @Test
    void aProbeThatSleepsForEverEndsWithInsmod() {
        TestProcess insmod = machine.start("insmod", libc -> initModule(libc, faulty().jar(), "fault=asleep"));
        insmod.awaitAsleepIn("module_init faulty");
        machine.await("the probe sleeps", () -> machine.cat("/proc/interrupts").contains(sensor));
        machine.kill(insmod);
        assertThat(insmod.await().signal()).isEqualTo(SIGKILL);
        assertThat(machine.lsmod()).isEmpty();
        aGoodModuleWorks();
    }

    // ---- drivers that break a rule

    @Test
    void aReadThatThrowsKillsTheReaderAndClosesTheModule() {
        load("throws");
        WaitStatus status = machine.run("victim", READ);
        assertThat(status.signal()).isEqualTo(SIGKILL);
        assertThat(machine.dmesg())
                .anyMatch(line -> line.startsWith("kernel BUG at BrokenDriver.java:"))
                .contains("Exception: java.lang.IllegalStateException: a bug in a driver")
                .anyMatch(line -> line.matches("RIP: 0010:BrokenDriver\\.read\\+\\d+ \\[broken]"))
                .contains("contract broken: the kernel's above; broken answers with an errno, never with an exception");
        assertThat(machine.kernel().taint().text()).contains("D");
        assertThat(readErrno()).isEqualTo(ENODEV);
        assertThat(machine.rmmod("broken")).isZero();
        aGoodModuleWorks();
    }

    @ParameterizedTest
    @CsvSource({"greedy, 4097", "nonsense, -5000"})
    void aResultOutOfBoundsIsReportedAndBecomesEio(String fault, int result) {
        load(fault);
        assertThat(readErrno()).isEqualTo(EIO);
        assertThat(machine.dmesg())
                .contains("driver " + NODE + " returned " + result + " from read: contract violation");
        assertThat(machine.kernel().taint().text()).contains("W");
        assertThat(machine.rmmod("broken")).isZero();
    }

    @Test
    void sleepingUnderASpinLockIsRefusedWithTheReason() {
        load("sleeps locked");
        machine.run("reader", READ);
        assertThat(machine.dmesg())
                .anyMatch(line ->
                        line.matches("BUG: sleeping function called from invalid context at BrokenDriver\\.java:\\d+"))
                .anyMatch(line -> line.startsWith("in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: "))
                .anyMatch(line -> line.startsWith("msleep() may sleep, called from ")
                        && line.contains("BrokenDriver.sleepLocked(BrokenDriver.java:"))
                .contains(
                        "reason: a spin lock is held (or preemption is disabled); the others would spin for as long as"
                                + " this task sleeps");
        assertThat(machine.kernel().taint().text()).contains("W");
        assertThat(machine.rmmod("broken")).isZero();
        aGoodModuleWorks();
    }

    @Test
    void aDriverThatSwallowsItsOopsIsReportedAllTheSame() {
        load("swallows");
        machine.run("reader", READ);
        assertThat(machine.dmesg())
                .anyMatch(line -> line.startsWith("BUG: sleeping function called from invalid context"))
                .contains("WARNING: lock held when returning to user space!");
        // Nobody spins on a lock that was left behind.
        machine.run("reader", READ);
        assertThat(machine.rmmod("broken")).isZero();
        aGoodModuleWorks();
    }

    @Test
    void aLockThatADriverForgetsIsReportedAndReleased() {
        load("keeps the lock");
        assertThat(readErrno()).isZero();
        assertThat(readErrno()).isZero();
        assertThat(machine.dmesg())
                .contains("WARNING: lock held when returning to user space!", " spin lock broken lock");
        assertThat(machine.kernel().taint().text()).contains("W");
        assertThat(machine.rmmod("broken")).isZero();
    }

    @Test
    void aContextThatADriverKeptIsRefused() {
        load("keeps the context");
        TestProcess owner = machine.start("owner", READ);
        owner.awaitAsleepIn("broken wait");
        WaitStatus status = machine.run("thief", READ);
        assertThat(status.signal()).isEqualTo(SIGKILL);
        assertThat(machine.dmesg())
                .contains("reason: this ProcessContext belongs to owner/" + owner.pid()
                        + ", which is not running here: a context is valid only in the call that it was passed to")
                .anyMatch(line ->
                        line.matches("BUG: sleeping function called from invalid context at BrokenDriver\\.java:\\d+"));
        assertThat(owner.isAlive()).isTrue();
        machine.kill(owner);
        owner.await();
        assertThat(machine.rmmod("broken")).isZero();
        aGoodModuleWorks();
    }

    @ParameterizedTest
    @CsvSource({
        "handler throws, Exception: java.lang.IllegalStateException: a bug in a handler",
        "handler sleeps, 'reason: an interrupt handler borrows the stack of '"
    })
    void aHandlerThatThrowsIsAPanicAfterWhichRebootWorks(String fault, String evidence, TestFramework framework)
            throws InterruptedException {
        load(fault);
        machine.start("reader", READ);
        machine.await("the panic", () -> machine.kernel().isHalted());
        assertThat(machine.kernel().panicMessage()).isEqualTo("Fatal exception in interrupt");
        assertThat(machine.dmesg())
                .contains("Kernel panic - not syncing: Fatal exception in interrupt")
                .contains(" <IRQ>")
                .anyMatch(line -> line.startsWith(evidence));
        reboot(framework);
        assertThat(machine.kernel().taint().mask()).isZero();
        aGoodModuleWorks();
    }

    @Test
    void aReaderThatCannotBeWokenDoesNotKeepTheKernelFromRebooting(TestFramework framework)
            throws InterruptedException {
        load("swallows asleep");
        TestProcess reader = machine.start("reader", READ);
        reader.awaitAsleepIn("broken wait");
        machine.kill(reader);
        assertThat(reader.isAlive()).isTrue();
        reboot(framework);
        aGoodModuleWorks();
    }

    // ---- behind the kernel's back

    @Test
    void aBundleThatIsStoppedByHandTakesItsDevicesAlong(TestFramework framework) throws Exception {
        load("waits");
        Bundle bundle = framework.bundle("broken").orElseThrow();
        TestProcess reader = machine.start("reader", READ);
        reader.awaitAsleepIn("broken wait");
        bundle.stop();
        assertThat(reader.await().exitCode()).isEqualTo(ENODEV);
        machine.await("the module has gone", () -> machine.lsmod().isEmpty());
        assertThat(machine.exists(NODE)).isFalse();
        machine.await("the bundle has gone", () -> bundle.getState() == Bundle.UNINSTALLED);
        aGoodModuleWorks();
    }

    @Test
    void aBundleThatIsUninstalledByHandTakesItsDevicesAlong(TestFramework framework) throws Exception {
        load("waits");
        Bundle bundle = framework.bundle("broken").orElseThrow();
        LoaderWatch watch = framework.watch(bundle);
        TestProcess reader = machine.start("reader", READ);
        reader.awaitAsleepIn("broken wait");
        bundle.uninstall();
        assertThat(reader.await().exitCode()).isEqualTo(ENODEV);
        machine.await("the module has gone", () -> machine.lsmod().isEmpty());
        assertThat(machine.exists(NODE)).isFalse();
        watch.awaitCollected();
        aGoodModuleWorks();
    }

    @Test
    void aBundleThatIsUpdatedByHandTakesItsDevicesAlong(TestFramework framework) throws Exception {
        load("waits");
        Bundle bundle = framework.bundle("broken").orElseThrow();
        TestProcess reader = machine.start("reader", READ);
        reader.awaitAsleepIn("broken wait");
        try (InputStream jar = Files.newInputStream(broken().jar())) {
            bundle.update(jar);
        }
        assertThat(reader.await().exitCode()).isEqualTo(ENODEV);
        machine.await("the module has gone", () -> machine.lsmod().isEmpty());
        assertThat(machine.exists(NODE)).isFalse();
        aGoodModuleWorks();
    }

    // ---- material

    private void load(String fault) {
        assertThat(machine.insmod(broken(), "fault=\"" + fault + "\"")).isZero();
    }

    private void aGoodModuleWorks() {
        assertThatAGoodModuleWorks(machine);
    }

    private int readErrno() {
        return machine.call("reader", READ::run);
    }
}
