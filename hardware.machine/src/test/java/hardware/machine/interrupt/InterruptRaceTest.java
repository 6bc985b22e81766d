// SPDX-License-Identifier: Apache-2.0
package hardware.machine.interrupt;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.Race;
import hardware.machine.cpu.Processor;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Is an interrupt ever lost, or a line served twice at once, when devices and processors race? */
@Timeout(60)
final class InterruptRaceTest {
    private static final int PROCESSORS = 2;
    private static final int LINES = 3;
    private static final int RAISES = 30_000;

    private final Processor[] processors = {new Processor(0), new Processor(1)};
    private final InterruptController controller = new InterruptController(processors);
    private final List<InterruptLine> lines = new ArrayList<>();
    /** What the device of each line has done, the last of it that a handler has seen, and handlers running now. */
    private final AtomicIntegerArray done = new AtomicIntegerArray(LINES);

    private final AtomicIntegerArray seen = new AtomicIntegerArray(LINES);
    private final AtomicIntegerArray inService = new AtomicIntegerArray(LINES);
    private final AtomicInteger devicesAtWork = new AtomicInteger(LINES);

    @ParameterizedTest
    @EnumSource(Trigger.class)
    void whatADeviceDidBeforeItRaisedItsLineIsSeenByAHandler(Trigger trigger) {
        List<Race.Runner> runners = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            int device = i;
            InterruptLine line = controller.allocate("device" + i, trigger, 60 + 2 * i);
            lines.add(line);
            controller.unmask(line);
            runners.add(() -> {
                for (int step = 0; step < RAISES; step++) {
                    done.incrementAndGet(device);
                    line.raise();
                }
                devicesAtWork.decrementAndGet();
            });
        }
        for (int i = 0; i < PROCESSORS; i++) {
            Processor processor = processors[i];
            runners.add(() -> {
                while (devicesAtWork.get() > 0) {
                    serveAll(processor);
                }
            });
        }
        runners.add(this::disturb);
        Race.run(runners);

        assertThat(lines).noneMatch(InterruptLine::isMasked);
        while (controller.hasPending(processors[0]) || controller.hasPending(processors[1])) {
            serveAll(processors[0]);
            serveAll(processors[1]);
        }
        for (int device = 0; device < LINES; device++) {
            assertThat(seen.get(device)).isEqualTo(done.get(device)).isEqualTo(RAISES);
        }
    }

    /** A lost message would leave the device waiting for ever. */
    @ParameterizedTest
    @EnumSource(Trigger.class)
    void aMessageBesideTheClaimOfTheOneBeforeIsNotLost(Trigger trigger) {
        InterruptLine line = controller.allocate("device", trigger, 60);
        lines.add(line);
        controller.unmask(line);
        controller.setTargets(line, 1);
        Race.run(List.of(
                () -> {
                    SplittableRandom random = new SplittableRandom(1);
                    for (int round = 0; round < RAISES; round++) {
                        for (int message = 0; message < 2; message++) {
                            done.incrementAndGet(0);
                            line.raise();
                            for (int spin = random.nextInt(50); spin > 0; spin--) {
                                Thread.onSpinWait();
                            }
                        }
                        while (seen.get(0) < done.get(0)) {
                            Thread.onSpinWait();
                        }
                    }
                    devicesAtWork.set(0);
                },
                () -> {
                    while (devicesAtWork.get() > 0) {
                        serveAll(processors[0]);
                    }
                }));
    }

    /** The line stays asserted, so that one runner claims and completes all the time. */
    @Test
    void aMaskBesideAClaimIsNotLost() {
        InterruptLine line = controller.allocate("device", Trigger.LEVEL, 60);
        line.raise();
        Race.run(List.of(
                () -> {
                    for (int round = 0; round < 300_000; round++) {
                        assertThat(line.isMasked()).isTrue();
                        controller.unmask(line);
                        Thread.onSpinWait();
                        assertThat(line.isMasked()).isFalse();
                        controller.mask(line);
                    }
                    devicesAtWork.set(0);
                },
                () -> {
                    while (devicesAtWork.get() > 0) {
                        InterruptLine claimed = controller.claim(processors[0]);
                        if (claimed != null) {
                            controller.complete(claimed);
                        }
                    }
                }));
        assertThat(line.isAsserted()).isTrue();
        controller.unmask(line);
        assertThat(controller.claim(processors[0])).isSameAs(line);
    }

    private void serveAll(Processor processor) {
        processor.clearAttention(Processor.ATTENTION_INTERRUPT);
        for (InterruptLine line = controller.claim(processor); line != null; line = controller.claim(processor)) {
            int device = lines.indexOf(line);
            assertThat(inService.incrementAndGet(device)).isEqualTo(1);
            // As a handler does: acknowledge first, then look at what there is.
            line.lower();
            seen.set(device, done.get(device));
            inService.decrementAndGet(device);
            controller.complete(line);
        }
    }

    /** What else the software does meanwhile. */
    private void disturb() {
        SplittableRandom random = new SplittableRandom(1);
        while (devicesAtWork.get() > 0) {
            InterruptLine line = lines.get(random.nextInt(LINES));
            assertThat(line.isMasked()).isFalse();
            controller.mask(line);
            assertThat(line.isMasked()).isTrue();
            controller.setTargets(line, 1 + random.nextInt(3));
            controller.unmask(line);
        }
    }
}
