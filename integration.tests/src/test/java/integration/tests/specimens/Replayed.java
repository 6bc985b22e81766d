// SPDX-License-Identifier: Apache-2.0
package integration.tests.specimens;

import integration.tests.framework.InFramework;
import integration.tests.framework.TestFramework;
import integration.tests.machine.Rehearsal;
import org.junit.jupiter.api.Test;

/** A test class that tells its runner, outside of the framework, how a deterministic run went. */
@InFramework(
        bundles = {"hardware.machine", "kernel.api", "kernel.core", "kernel.vfs", "hardware.tempsensor", "userland"},
        properties = "ubend.parameters=seed=7\ndevices=tempsensor,tempsensor:base_millicelsius=-40000")
public class Replayed {
    /** The system property with the hash of the trace. */
    public static final String HASH = "integration.tests.hash";

    @Test
    void isHashed(TestFramework framework) throws InterruptedException {
        System.setProperty(HASH, Long.toHexString(Rehearsal.again(framework).hash()));
    }
}
