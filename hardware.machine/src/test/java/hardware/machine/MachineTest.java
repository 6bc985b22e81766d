// SPDX-License-Identifier: Apache-2.0
package hardware.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import hardware.machine.time.VirtualTimeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Is everything soldered to everything? */
final class MachineTest {
    private final VirtualTimeline timeline = new VirtualTimeline();

    @Test
    void aMachineHasWhatItWasMadeWith() {
        Machine machine = new Machine(4, 64 << 20, true, timeline, 1);
        assertThat(machine.processorCount()).isEqualTo(4);
        assertThat(machine.processor(3).id()).isEqualTo(3);
        assertThat(machine.memory().sizeBytes()).isEqualTo(64 << 20);
        assertThat(machine.memory().backedFrames()).isZero();
        assertThat(machine.iommu().isTranslating()).isTrue();
        assertThat(machine.iommu().memory()).isSameAs(machine.memory());
        assertThat(machine.timeline()).isSameAs(timeline);
        assertThat(machine.bus().devices()).isEmpty();
        assertThat(machine.interrupts().claim(machine.processor(0))).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65})
    void thereAreOneToSixtyFourProcessors(int count) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Machine(count, 4096, true, timeline, 1));
    }

    @Test
    void aMachineMayHaveSixtyFourProcessors() {
        assertThat(new Machine(64, 4096, false, timeline, 1).processorCount()).isEqualTo(64);
    }
}
