// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.framework.InFramework;
import integration.tests.framework.TestFramework;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/** The kernel's bundles in a framework that has nothing else. */
@InFramework
class KernelBundlesIT {
    @ParameterizedTest
    @ValueSource(strings = {"hardware.machine", "kernel.api", "kernel.core", "kernel.vfs"})
    void theBundleIsActive(String symbolicName, TestFramework framework) {
        assertThat(framework.bundle(symbolicName))
                .as(framework.states())
                .hasValueSatisfying(bundle -> assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE));
    }
}
