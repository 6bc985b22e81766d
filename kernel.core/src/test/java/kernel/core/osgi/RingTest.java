// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may import what. */
class RingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "kernel.api.device",
                "kernel.core",
                "kernel.uapi.secret",
                "hardware.machine",
                "org.osgi.service.log"
            })
    void userProgramsImportNothingOfTheKernel(String packageName) {
        assertThat(Ring.USER.mayImport(packageName, Ring.KERNEL)).isFalse();
        assertThat(Ring.USER.refusal("curious", packageName))
                .isEqualTo("ring 3: bundle curious may not import " + packageName
                        + ": user programs reach the kernel by system calls only");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"kernel.uapi", "org.osgi.framework", "org.osgi.framework.wiring", "org.osgi.service.component"})
    void userProgramsImportTheBorderAndWhatPublishesThem(String packageName) {
        assertThat(Ring.USER.mayImport(packageName, Ring.KERNEL)).isTrue();
    }

    @Test
    void userProgramsImportFromEachOther() {
        assertThat(Ring.USER.mayImport("userland.libc", Ring.USER)).isTrue();
        assertThat(Ring.MODULE.mayImport("userland.libc", Ring.USER)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel.core", "kernel.core.fs", "kernel.vfs", "shell.text"})
    void modulesImportNoInsides(String packageName) {
        assertThat(Ring.MODULE.mayImport(packageName, Ring.KERNEL)).isFalse();
        assertThat(Ring.KERNEL.mayImport(packageName, Ring.KERNEL)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel.api.device", "kernel.uapi", "hardware.tempsensor.registers", "kernel.corelike"})
    void modulesImportWhatDriversNeed(String packageName) {
        assertThat(Ring.MODULE.mayImport(packageName, Ring.KERNEL)).isTrue();
    }

    @Test
    void bundlesJoinTheirOwnRingOnly() {
        for (Ring one : Ring.values()) {
            for (Ring other : Ring.values()) {
                assertThat(one.mayJoin(other)).isEqualTo(one == other);
            }
        }
    }
}
