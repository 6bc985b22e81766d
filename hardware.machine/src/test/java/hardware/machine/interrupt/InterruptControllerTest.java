// SPDX-License-Identifier: Apache-2.0
package hardware.machine.interrupt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import hardware.machine.cpu.Processor;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Does a line take each transition of a PLIC's, at the right processor? */
final class InterruptControllerTest {
    private final Processor[] processors = {new Processor(0), new Processor(1), new Processor(2)};
    private final InterruptController controller = new InterruptController(processors);
    private final List<Integer> told = new ArrayList<>();
    private final InterruptLine level = controller.allocate("sensor", Trigger.LEVEL, 16);
    private final InterruptLine edge = controller.allocate("disk", Trigger.EDGE, 16);

    @BeforeEach
    void connect() {
        controller.connect(target -> told.add(target.id()));
    }

    private InterruptLine claim() {
        return controller.claim(processors[0]);
    }

    @ParameterizedTest
    @EnumSource(Trigger.class)
    void aLineStartsMaskedAndWaitsForItsUnmasking(Trigger trigger) {
        InterruptLine line = controller.allocate("new", trigger, 16);
        assertThat(line.isMasked()).isTrue();
        line.raise();
        assertThat(told).isEmpty();
        assertThat(claim()).isNull();
        controller.unmask(line);
        assertThat(told).containsExactly(0);
        assertThat(processors[0].attention()).isEqualTo(Processor.ATTENTION_INTERRUPT);
        assertThat(controller.hasPending(processors[0])).isTrue();
        assertThat(controller.hasPending(processors[1])).isFalse();
        assertThat(claim()).isSameAs(line);
        assertThat(controller.hasPending(processors[0])).isFalse();
    }

    @Test
    void aLevelLineInterruptsAgainWhileItIsAsserted() {
        controller.unmask(level);
        level.raise();
        assertThat(claim()).isSameAs(level);
        assertThat(claim()).isNull();
        controller.complete(level);
        assertThat(told).containsExactly(0, 0);
        assertThat(claim()).isSameAs(level);
        level.lower();
        controller.complete(level);
        assertThat(claim()).isNull();
        assertThat(told).hasSize(2);
    }

    @Test
    void aLevelLineRaisedTwiceInterruptsOnce() {
        controller.unmask(level);
        level.raise();
        level.raise();
        assertThat(told).hasSize(1);
        assertThat(claim()).isSameAs(level);
        level.raise();
        assertThat(claim()).isNull();
    }

    @Test
    void aLevelLineLoweredBeforeItsClaimIsSpurious() {
        controller.unmask(level);
        level.raise();
        level.lower();
        assertThat(controller.hasPending(processors[0])).isTrue();
        assertThat(claim()).isNull();
        assertThat(controller.hasPending(processors[0])).isFalse();
        level.raise();
        assertThat(claim()).isSameAs(level);
    }

    @Test
    void aLevelLineLoweredAndRaisedBeforeItsClaimIsClaimedOnce() {
        controller.unmask(level);
        level.raise();
        level.lower();
        level.raise();
        assertThat(claim()).isSameAs(level);
        level.lower();
        controller.complete(level);
        assertThat(claim()).isNull();
    }

    @Test
    void anEdgeLineInterruptsOncePerMessage() {
        controller.unmask(edge);
        edge.raise();
        assertThat(edge.isAsserted()).isTrue();
        assertThat(claim()).isSameAs(edge);
        assertThat(edge.isAsserted()).isFalse();
        controller.complete(edge);
        assertThat(claim()).isNull();
        assertThat(told).hasSize(1);
    }

    @Test
    void anEdgeLineRemembersOneMessageWhileItIsInService() {
        controller.unmask(edge);
        edge.raise();
        assertThat(claim()).isSameAs(edge);
        edge.raise();
        edge.raise();
        assertThat(claim()).isNull();
        controller.complete(edge);
        assertThat(claim()).isSameAs(edge);
        controller.complete(edge);
        assertThat(claim()).isNull();
    }

    @Test
    void aMessageCannotBeTakenBack() {
        controller.unmask(edge);
        edge.raise();
        edge.lower();
        assertThat(claim()).isSameAs(edge);
    }

    @ParameterizedTest
    @EnumSource(Trigger.class)
    void aLineMaskedWhileItIsPendingWaits(Trigger trigger) {
        InterruptLine line = controller.allocate("new", trigger, 16);
        controller.unmask(line);
        line.raise();
        controller.mask(line);
        assertThat(claim()).isNull();
        assertThat(line.isAsserted()).isTrue();
        controller.unmask(line);
        assertThat(claim()).isSameAs(line);
    }

    @ParameterizedTest
    @EnumSource(Trigger.class)
    void aLineMaskedAndUnmaskedWhileItIsPendingIsClaimedOnce(Trigger trigger) {
        InterruptLine line = controller.allocate("new", trigger, 16);
        controller.unmask(line);
        line.raise();
        controller.mask(line);
        controller.unmask(line);
        assertThat(claim()).isSameAs(line);
        line.lower();
        controller.complete(line);
        assertThat(claim()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Trigger.class)
    void aLineMaskedInServiceWaitsAfterItsCompletion(Trigger trigger) {
        InterruptLine line = controller.allocate("new", trigger, 16);
        controller.unmask(line);
        line.raise();
        assertThat(claim()).isSameAs(line);
        line.raise();
        controller.mask(line);
        controller.complete(line);
        assertThat(claim()).isNull();
        controller.unmask(line);
        assertThat(claim()).isSameAs(line);
    }

    @Test
    void unmaskingInServiceDoesNotNest() {
        controller.unmask(level);
        level.raise();
        assertThat(claim()).isSameAs(level);
        controller.mask(level);
        controller.unmask(level);
        assertThat(claim()).isNull();
    }

    @Test
    void theLowestNumberIsClaimedFirst() {
        InterruptLine high = controller.allocate("high", Trigger.EDGE, 200);
        InterruptLine low = controller.allocate("low", Trigger.EDGE, 0);
        InterruptLine last = controller.allocate("last", Trigger.EDGE, 255);
        for (InterruptLine line : List.of(last, edge, high, low)) {
            controller.unmask(line);
            line.raise();
        }
        assertThat(List.of(claim(), claim(), claim(), claim())).containsExactly(low, edge, high, last);
        assertThat(claim()).isNull();
    }

    @Test
    void aLineGoesToOneProcessorOfItsMask() {
        controller.unmask(edge);
        controller.setTargets(edge, 0b110);
        assertThat(controller.targets(edge)).isEqualTo(0b110);
        edge.raise();
        assertThat(told).containsExactly(1);
        assertThat(controller.claim(processors[0])).isNull();
        assertThat(controller.claim(processors[2])).isNull();
        assertThat(controller.claim(processors[1])).isSameAs(edge);
        assertThat(processors[0].attention()).isZero();
    }

    @Test
    void idleProcessorsArePreferredThenThoseInUserMode() {
        controller.unmask(edge);
        processors[0].release(Processor.KERNEL);
        processors[1].release(Processor.USER);
        processors[2].release(Processor.KERNEL);
        sendAndServe();
        processors[1].release(Processor.INTERRUPT);
        processors[2].release(Processor.USER);
        sendAndServe();
        processors[2].release(Processor.KERNEL);
        sendAndServe();
        processors[2].release(Processor.IDLE);
        sendAndServe();
        assertThat(told).containsExactly(1, 2, 0, 2);
    }

    private void sendAndServe() {
        edge.raise();
        InterruptLine line = controller.claim(processors[told.getLast()]);
        controller.complete(line);
    }

    @Test
    void aPendingInterruptMovesToTheNewTargets() {
        controller.unmask(level);
        level.raise();
        controller.setTargets(level, 0b100);
        assertThat(told).containsExactly(0, 2);
        assertThat(processors[2].attention()).isEqualTo(Processor.ATTENTION_INTERRUPT);
        assertThat(claim()).isNull();
        assertThat(controller.hasPending(processors[0])).isFalse();
        assertThat(controller.claim(processors[2])).isSameAs(level);
        controller.complete(level);
        assertThat(told).containsExactly(0, 2, 2);
    }

    @Test
    void aPendingInterruptStaysAtAProcessorThatRemainsATarget() {
        controller.unmask(level);
        level.raise();
        controller.setTargets(level, 0b101);
        assertThat(told).containsExactly(0);
        assertThat(claim()).isSameAs(level);
    }

    @Test
    void anInterruptInServiceIsNotMoved() {
        controller.unmask(level);
        level.raise();
        assertThat(claim()).isSameAs(level);
        controller.setTargets(level, 0b100);
        assertThat(controller.claim(processors[2])).isNull();
        assertThat(told).containsExactly(0);
        controller.complete(level);
        assertThat(told).as("the next delivery").containsExactly(0, 2);
        assertThat(controller.claim(processors[2])).isSameAs(level);
    }

    @Test
    void thereMustBeATarget() {
        assertThatIllegalArgumentException().isThrownBy(() -> controller.setTargets(edge, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> controller.setTargets(edge, 0b1000));
        controller.setTargets(edge, 0b1100);
        assertThat(controller.targets(edge)).isEqualTo(0b100);
    }

    @Test
    void sixtyFourProcessorsAreTargets() {
        Processor[] many = new Processor[64];
        for (int id = 0; id < many.length; id++) {
            many[id] = new Processor(id);
        }
        InterruptController large = new InterruptController(many);
        InterruptLine line = large.allocate("wide", Trigger.EDGE, 0);
        assertThat(large.targets(line)).isEqualTo(-1L);
        large.setTargets(line, 1L << 63);
        large.unmask(line);
        line.raise();
        assertThat(large.claim(many[63])).isSameAs(line);
    }

    @Test
    void linesAreNumberedFromTheLowestFree() {
        assertThat(level.number()).isEqualTo(16);
        assertThat(edge.number()).isEqualTo(17);
        controller.free(level);
        assertThat(controller.line(16)).isNull();
        InterruptLine next = controller.allocate("next", Trigger.EDGE, 16);
        assertThat(next.number()).isEqualTo(16);
        assertThat(controller.line(16)).isSameAs(next);
        assertThat(controller.line(-1)).isNull();
        assertThat(controller.line(256)).isNull();
        controller.free(level);
        assertThat(controller.line(16)).isSameAs(next);
        assertThat(edge).hasToString("irq 17 (disk)");
    }

    @Test
    void thereAreNoMoreLinesThanThereAre() {
        controller.allocate("last", Trigger.EDGE, 255);
        assertThatIllegalStateException()
                .isThrownBy(() -> controller.allocate("over", Trigger.EDGE, 255))
                .withMessageContaining("over");
    }

    @Test
    void aPendingInterruptIsForgottenWithItsLine() {
        controller.unmask(level);
        level.raise();
        controller.free(level);
        assertThat(claim()).isNull();
        level.raise();
        assertThat(claim()).isNull();
    }

    @Test
    void theNextOwnerOfANumberDoesNotInheritAnInterrupt() {
        controller.unmask(level);
        level.raise();
        controller.free(level);
        InterruptLine next = controller.allocate("next", Trigger.LEVEL, 16);
        controller.unmask(next);
        assertThat(claim()).isNull();
        level.raise();
        controller.unmask(level);
        assertThat(claim()).isNull();
        next.raise();
        assertThat(claim()).isSameAs(next);
    }

    @Test
    void withoutASinkALineOnlyWaits() {
        InterruptController alone = new InterruptController(processors);
        InterruptLine line = alone.allocate("alone", Trigger.EDGE, 0);
        alone.unmask(line);
        line.raise();
        assertThat(alone.claim(processors[0])).isSameAs(line);
    }
}
