// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import integration.tests.specimens.Replayed;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

/** A run can be replayed in another framework, as by whoever starts the machine a second time. */
class ReplayIT {
    private static final int FRAMEWORKS = Effort.of(3, 50);

    @Test
    void theSameSeedGivesTheSameTraceInEveryFramework() {
        Set<String> hashes = new HashSet<>();
        for (int i = 0; i < FRAMEWORKS; i++) {
            EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(Replayed.class))
                    .execute()
                    .testEvents()
                    .assertStatistics(events -> events.started(1).succeeded(1));
            hashes.add(System.clearProperty(Replayed.HASH));
        }
        assertThat(hashes).hasSize(1).doesNotContainNull();
    }
}
