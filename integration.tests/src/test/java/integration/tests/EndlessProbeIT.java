// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static integration.tests.BadModules.assertThatAGoodModuleWorks;
import static integration.tests.BadModules.faulty;
import static kernel.uapi.Errno.ETIME;
import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.framework.InFramework;
import integration.tests.framework.TestFramework;
import integration.tests.machine.TestMachine;
import integration.tests.specimens.FaultyProbe;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Probes that do not end by themselves, in a kernel that has little patience. */
@InFramework(
        bundles = {"hardware.machine", "kernel.api", "kernel.core", "kernel.vfs", "hardware.tempsensor", "userland"},
        properties = "ubend.parameters=devices=\nmodule_timeout=1")
class EndlessProbeIT {
    private TestMachine machine;

    @BeforeEach
    void reboot(TestFramework framework) throws InterruptedException {
        machine = TestMachine.reboot(framework);
        machine.plugSensor("conversion_us=100");
    }

    @Test
    void aProbeThatSleepsForEverEndsByTheTimeLimit() {
        assertThat(machine.insmod(faulty(), "fault=asleep")).isEqualTo(ETIME);
        assertThat(machine.lsmod()).isEmpty();
        assertThat(machine.dmesg()).contains("faulty: start interrupted");
        assertThatAGoodModuleWorks(machine);
    }

    @Test
    void aProbeThatListensToNothingIsLeftBehindAndCleanedUpAfterIfItEnds() {
        System.clearProperty(FaultyProbe.RELEASE_PROPERTY);
        try {
            assertThat(machine.insmod(faulty(), "fault=stuck")).isEqualTo(ETIME);
            assertThat(machine.dmesg())
                    .contains("faulty: start does not end; left behind, since Java code cannot be stopped from outside")
                    .anyMatch(line -> line.contains("FaultyProbe.beStuck(FaultyProbe.java:"));
            String other = machine.plugSensor();
            assertThat(machine.insmod("drivers.tempsensor")).isZero();
            assertThat(machine.device(other).driver()).isEqualTo("tempsensor");
            assertThat(machine.head("/dev/tempsensor")).isEqualTo("21.500\n");
            assertThat(machine.rmmod("tempsensor")).isZero();
        } finally {
            System.setProperty(FaultyProbe.RELEASE_PROPERTY, "now");
        }
        machine.await(
                "the probe has ended and been cleaned up after",
                () -> machine.dmesg().contains("faulty: start has ended, too late; removed"));
        assertThat(machine.lsmod()).isEmpty();
    }

    @Test
    void theKernelRebootsAlthoughAProbeIsStuck(TestFramework framework) throws InterruptedException {
        System.clearProperty(FaultyProbe.RELEASE_PROPERTY);
        try {
            assertThat(machine.insmod(faulty(), "fault=stuck")).isEqualTo(ETIME);
            reboot(framework);
            assertThatAGoodModuleWorks(machine);
        } finally {
            System.setProperty(FaultyProbe.RELEASE_PROPERTY, "now");
        }
    }
}
