// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.framework.InFramework;
import integration.tests.framework.TestFramework;
import integration.tests.machine.TestMachine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What strace prints, and where between the lines of the program itself. */
@InFramework(
        bundles = {
            "hardware.machine",
            "kernel.api",
            "kernel.core",
            "kernel.vfs",
            "hardware.tempsensor",
            "userland",
            "shell"
        },
        properties = {"ubend.parameters=devices=", "felix.bootdelegation.implicit=false"})
class StraceIT {
    private TestMachine machine;

    @BeforeEach
    void reboot(TestFramework framework) throws InterruptedException {
        machine = TestMachine.reboot(framework);
        machine.await("the tools are there", () -> machine.exists("/sbin/strace"));
    }

    @Test
    void whatTheProgramWritesStandsWhereItWroteIt() {
        machine.plugSensor();
        machine.insmod("drivers.tempsensor");
        assertThat(machine.sh("strace -e trace=read,write head -n 2 /dev/tempsensor")
                        .lines())
                .map(line -> line.replaceFirst(" += ", " = "))
                .containsExactly(
                        "read(3, \"21.500\\n\", 4096) = 7",
                        "21.500",
                        "write(1, \"21.500\\n\", 7) = 7",
                        "read(3, \"21.525\\n\", 4096) = 7",
                        "21.525",
                        "write(1, \"21.525\\n\", 7) = 7",
                        "+++ exited with 0 +++");
    }

    @Test
    void aTracerThatIsKilledHoldsNobody() {
        machine.sh("strace yes > /dev/null 2>&1 & kill -9 $!; wait");
        assertThat(machine.sh("strace true | cat; echo $?")).endsWith("0\n");
    }

    @Test
    void whoReadsTheTracerIsNotHeldByIt() {
        assertThat(machine.sh("strace -f sh -c 'yes | head -n 2' 2>&1 | cat").lines())
                .filteredOn(line -> line.equals("y"))
                .hasSize(2);
    }
}
