// SPDX-License-Identifier: Apache-2.0
package hardware.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.Race;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Has a processor one owner at a time, and is no demand for its attention overlooked? */
final class ProcessorTest {
    private final Processor processor = new Processor(3);

    @Test
    void aNewProcessorIsIdleAndLetsInterruptsIn() {
        assertThat(processor.id()).isEqualTo(3);
        assertThat(processor.mode()).isEqualTo(Processor.IDLE);
        assertThat(processor.attention()).isZero();
        assertThat(processor.interruptsEnabled()).isTrue();
        assertThat(processor).hasToString("cpu3");
    }

    @Test
    void onlyWhoExpectsTheRightModeClaims() {
        assertThat(processor.claim(Processor.USER, Processor.INTERRUPT)).isFalse();
        assertThat(processor.claim(Processor.IDLE, Processor.KERNEL)).isTrue();
        assertThat(processor.claim(Processor.IDLE, Processor.INTERRUPT)).isFalse();
        processor.release(Processor.USER);
        assertThat(processor.claim(Processor.USER, Processor.INTERRUPT)).isTrue();
        assertThat(processor.mode()).isEqualTo(Processor.INTERRUPT);
    }

    @Test
    void attentionBitsComeAndGoByThemselves() {
        processor.demandAttention(Processor.ATTENTION_INTERRUPT);
        processor.demandAttention(Processor.ATTENTION_SOFTIRQ);
        processor.demandAttention(Processor.ATTENTION_INTERRUPT);
        assertThat(processor.attention()).isEqualTo(Processor.ATTENTION_INTERRUPT | Processor.ATTENTION_SOFTIRQ);
        processor.clearAttention(Processor.ATTENTION_INTERRUPT);
        assertThat(processor.attentionOrdered()).isEqualTo(Processor.ATTENTION_SOFTIRQ);
    }

    @Test
    void theInterruptFlagIsKept() {
        processor.setInterruptsEnabled(false);
        assertThat(processor.interruptsEnabled()).isFalse();
    }

    @Test
    void twoNeverOwnAProcessor() {
        AtomicInteger owners = new AtomicInteger();
        AtomicInteger turns = new AtomicInteger();
        Race.Runner runner = () -> {
            for (int turn = 0; turn < 20_000; ) {
                if (processor.claim(Processor.IDLE, Processor.KERNEL)) {
                    assertThat(owners.incrementAndGet()).isEqualTo(1);
                    turns.set(turns.get() + 1);
                    owners.decrementAndGet();
                    processor.release(Processor.IDLE);
                    turn++;
                } else {
                    Thread.onSpinWait();
                }
            }
        };
        Race.run(List.of(runner, runner));
        assertThat(turns.get()).isEqualTo(40_000);
    }

    /**
     * A raiser sets the bit, then reads the mode; the owner gives the mode up, then reads the word. When the raiser
     * finds the processor owned, the owner finds the bit.
     */
    @Test
    void raiserOrOwnerSeesTheOther() {
        int rounds = 20_000;
        AtomicInteger work = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();
        Race.Runner raiser = () -> {
            for (int round = 1; round <= rounds; round++) {
                work.set(round);
                processor.demandAttention(Processor.ATTENTION_INTERRUPT);
                serve(work, served);
                while (served.get() < round) {
                    Thread.onSpinWait();
                }
            }
        };
        Race.Runner owner = () -> {
            while (served.get() < rounds) {
                serve(work, served);
            }
        };
        Race.run(List.of(raiser, owner));
    }

    /** What both do: own the processor if nobody does, do what there is, and look again after giving it up. */
    private void serve(AtomicInteger work, AtomicInteger served) {
        while (processor.attentionOrdered() != 0 && processor.claim(Processor.IDLE, Processor.KERNEL)) {
            processor.clearAttention(Processor.ATTENTION_INTERRUPT);
            served.set(work.get());
            processor.release(Processor.IDLE);
        }
    }
}
