// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.framework.TestBundle;
import integration.tests.machine.TestMachine;
import integration.tests.specimens.BrokenDriver;
import integration.tests.specimens.FaultyProbe;

/** Modules with a parameter {@code fault} that says what they do wrong. */
final class BadModules {
    private BadModules() {}

    /** A module whose probe goes wrong. */
    static TestBundle faulty() {
        return module("faulty").with(FaultyProbe.class);
    }

    /** A module whose read goes wrong. */
    static TestBundle broken() {
        return module("broken").with(BrokenDriver.class);
    }

    private static TestBundle module(String name) {
        return TestBundle.named(name)
                .header("Kernel-Module", name + ";description=\"wrong\";license=\"Apache-2.0\"")
                .header("Module-Parameter", "fault;type=charp;description=\"what it does wrong\"");
    }

    /** A bad module has left nothing behind: the sensor's own driver finds the sensor free, and its interrupt line. */
    static void assertThatAGoodModuleWorks(TestMachine machine) {
        assertThat(machine.insmod("drivers.tempsensor")).isZero();
        assertThat(machine.head("/dev/tempsensor")).isEqualTo("21.500\n");
        assertThat(machine.rmmod("tempsensor")).isZero();
    }
}
