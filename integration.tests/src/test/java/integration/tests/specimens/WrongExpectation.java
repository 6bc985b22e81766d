// SPDX-License-Identifier: Apache-2.0
package integration.tests.specimens;

import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.framework.InFramework;
import integration.tests.framework.TestFramework;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** A test class in which one expectation is right and two are wrong. */
@InFramework(bundles = {})
public class WrongExpectation {
    @Test
    void theSystemBundleIsActive(BundleContext context) {
        assertThat(context.getBundle(0).getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void theSystemBundleIsGone(BundleContext context) {
        assertThat(context.getBundle(0).getState()).isEqualTo(Bundle.UNINSTALLED);
    }

    @Test
    void whatNobodyEverInstalledIsThere(TestFramework framework) {
        assertThat(framework.bundle("nobody.ever")).isPresent();
    }
}
