// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.framework.InFramework;
import integration.tests.framework.TestFramework;
import integration.tests.machine.Rehearsal;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleException;

/** A run under the framework can be replayed: the seed decides the trace, modules that come and go included. */
@InFramework(
        bundles = {"hardware.machine", "kernel.api", "kernel.core", "kernel.vfs", "hardware.tempsensor", "userland"})
class DeterminismIT {
    private static final int RUNS = Effort.of(10, 1_000);
    private static final int SEEDS = Effort.of(5, 100);

    @Test
    void theSameSeedGivesTheSameTrace(TestFramework framework) throws BundleException, InterruptedException {
        Rehearsal first = Rehearsal.withNewSeed(framework, 42);
        assertThat(first.output())
                .contains("insmod 0\n", "rmmod 0\n", " 21.500\n", " -40.000\n", "ENODEV", "5\n4\n3\n");
        for (int run = 1; run < RUNS; run++) {
            Rehearsal next = run % 5 == 0 ? Rehearsal.withNewSeed(framework, 42) : Rehearsal.again(framework);
            assertThat(next.hash())
                    .as("run %d: %s", run, next.differenceFrom(first))
                    .isEqualTo(first.hash());
            assertThat(next.output()).isEqualTo(first.output());
        }
    }

    @Test
    void anotherSeedGivesAnotherTrace(TestFramework framework) throws BundleException, InterruptedException {
        Set<Long> hashes = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            hashes.add(Rehearsal.withNewSeed(framework, seed).hash());
        }
        assertThat(hashes).hasSize(SEEDS);
    }
}
