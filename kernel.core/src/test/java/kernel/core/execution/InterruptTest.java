// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.ArrayList;
import java.util.List;
import kernel.api.interrupt.InterruptHandler;
import kernel.api.interrupt.InterruptResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Interrupts: on top of whom they run, how often, and what happens to lines that nobody wants or nobody silences. */
class InterruptTest {
    private final Lab lab = Lab.deterministic(2);
    private final Interrupts interrupts = lab.execution().interrupts();
    private final BusDevice device = lab.plug(new Doorbell(Trigger.LEVEL));
    private final InterruptLine line = device.interruptLines().getFirst();
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        lab.close();
    }

    private void acknowledge() {
        device.write32(Doorbell.DONE.offset(), device.read32(Doorbell.DONE.offset()));
    }

    private void ring(int nanos) {
        device.write32(Doorbell.RING.offset(), nanos);
    }

    private InterruptHandler handler(Runnable code) {
        return context -> {
            acknowledge();
            code.run();
            return InterruptResult.HANDLED;
        };
    }

    private void target(int cpu) {
        lab.machine().interrupts().setTargets(line, 1L << cpu);
    }

    @Test
    void aHandlerRunsOnTopOfABystander() {
        target(0);
        interrupts.request(line, "bell", context -> {
            acknowledge();
            Cpu cpu = lab.cpu(0);
            assertThat(cpu.preemptCount()).isEqualTo(Cpu.HARDIRQ_OFFSET);
            assertThat(cpu.inHardirq()).isTrue();
            assertThat(cpu.processor().interruptsEnabled()).isFalse();
            assertThat(lab.execution().currentTask()).isSameAs(cpu.current());
            log.add(context.currentName() + " on " + context.processor());
            return InterruptResult.HANDLED;
        });
        lab.startOn(0, "bystander", self -> {
            ring(0);
            self.cpu().point(Point.REGISTER_ACCESS);
            assertThat(self.cpu().preemptCount()).isZero();
            assertThat(self.cpu().processor().interruptsEnabled()).isTrue();
        });
        lab.finish();
        ring(0);
        lab.run();
        assertThat(log).containsExactly("bystander on 0", "swapper/0 on 0");
    }

    @Test
    void theyAreCountedOnTheProcessorThatTookThem() {
        interrupts.request(line, "bell", handler(() -> {}));
        for (int cpu : new int[] {0, 1, 1}) {
            target(cpu);
            ring(0);
            lab.run();
        }
        Interrupts.Descriptor descriptor = interrupts.descriptors()[line.number()];
        assertThat(descriptor.count(0)).isEqualTo(1);
        assertThat(descriptor.count(1)).isEqualTo(2);
        assertThat(descriptor.isLocal()).isFalse();
        assertThat(descriptor.actions()).extracting(Interrupts.Action::name).containsExactly("bell");
    }

    @Test
    void anIdleProcessorTakesItAndRunsWhomItWakes() {
        WaitQueueHead queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
        interrupts.request(line, "bell", context -> {
            acknowledge();
            log.add("handler");
            queue.wakeUp(context);
            return InterruptResult.HANDLED;
        });
        lab.start("waiter", self -> {
            ring(10_000);
            queue.waitEvent(self, () -> !log.isEmpty());
            log.add("woken");
        });
        lab.finish();
        assertThat(log).containsExactly("handler", "woken");
    }

    @Test
    void whileMaskedItWaitsAndIsNotLost() {
        interrupts.request(line, "bell", handler(() -> log.add("handler")));
        lab.machine().interrupts().mask(line);
        ring(0);
        lab.run();
        assertThat(log).isEmpty();
        lab.machine().interrupts().unmask(line);
        lab.run();
        assertThat(log).containsExactly("handler");
    }

    @Test
    void aHandlerThatThrowsPanics() {
        interrupts.request(line, "bell", handler(() -> {
            throw new IllegalStateException("a bug in a driver");
        }));
        ring(0);
        lab.run();
        assertThat(lab.deadInterrupts()).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(lab.execution().isHalted()).isTrue();
    }

    // ---- request and free

    @Test
    void aLineHasOneHandler() {
        Interrupts.Action action = interrupts.request(line, "first", handler(() -> log.add("first")));
        assertThat(action).isNotNull();
        assertThat(interrupts.request(line, "second", handler(() -> log.add("second"))))
                .isNull();
        ring(0);
        lab.run();
        lab.start("task", self -> interrupts.free(self, line, action));
        lab.finish();
        assertThat(interrupts.request(line, "second", handler(() -> log.add("second"))))
                .isNotNull();
        ring(0);
        lab.run();
        assertThat(log).containsExactly("first", "second");
    }

    @Test
    void freedItInterruptsNoMore() {
        Interrupts.Action action = interrupts.request(line, "bell", handler(() -> log.add("handler")));
        lab.start("task", self -> {
            interrupts.free(self, line, action);
            ring(0);
            self.sleep(1_000);
        });
        lab.finish();
        assertThat(log).isEmpty();
        assertThat(line.isMasked()).isTrue();
        assertThat(interrupts.descriptors()[line.number()]).isNull();
    }

    @Test
    void freeWaitsForTheHandlerThatRunsElsewhere() {
        target(1);
        Interrupts.Action action = interrupts.request(line, "bell", context -> {
            acknowledge();
            log.add("begins");
            for (int i = 0; i < 200; i++) {
                ((KernelContext) context).cpu().point(Point.REGISTER_ACCESS);
            }
            log.add("ends");
            return InterruptResult.HANDLED;
        });
        lab.startOn(0, "task", self -> {
            ring(0);
            while (log.isEmpty()) {
                self.cpu().point(Point.REGISTER_ACCESS);
            }
            interrupts.free(self, line, action);
            log.add("freed");
        });
        lab.finish();
        assertThat(log).containsExactly("begins", "ends", "freed");
    }

    @Test
    void whatIsFreeAlreadyCannotBeFreed() {
        Interrupts.Action action = interrupts.request(line, "bell", handler(() -> {}));
        lab.start("task", self -> {
            interrupts.free(self, line, action);
            assertThatThrownBy(() -> interrupts.free(self, line, action))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Trying to free already-free IRQ " + line.number());
        });
        lab.finish();
    }

    @Test
    void theHandlerOfADeviceThatWasReplacedIsFreedWithoutTouchingTheNewOne() {
        Interrupts.Action old = interrupts.request(line, "old", handler(() -> log.add("old")));
        lab.machine().bus().detach(device.name());
        BusDevice replacement = lab.plug(new Doorbell(Trigger.EDGE));
        InterruptLine newLine = replacement.interruptLines().getFirst();
        assertThat(newLine.number()).isEqualTo(line.number());
        assertThat(interrupts.request(newLine, "new", context -> {
                    log.add("new");
                    return InterruptResult.HANDLED;
                }))
                .isNotNull();
        lab.start("task", self -> {
            interrupts.free(self, line, old);
            replacement.write32(Doorbell.RING.offset(), 0);
        });
        lab.finish();
        assertThat(log).containsExactly("new");
    }

    // ---- storms

    @Test
    void aLineThatNobodyCaresForIsSwitchedOff() {
        interrupts.request(line, "bell", context -> InterruptResult.NONE);
        ring(0);
        lab.run();
        assertThat(lab.reports())
                .containsExactly(
                        "irq " + line.number() + ": nobody cared (try booting with the \"irqpoll\" option)",
                        "handlers:",
                        "[<bell>]",
                        "Disabling IRQ #" + line.number());
        Interrupts.Descriptor descriptor = interrupts.descriptors()[line.number()];
        assertThat(descriptor.isDisabled()).isTrue();
        assertThat(descriptor.count(0) + descriptor.count(1)).isEqualTo(100_000);
    }

    @Test
    void aLineThatIsHandledNowAndThenStaysOn() {
        int[] calls = new int[1];
        interrupts.request(line, "bell", context -> {
            if (++calls[0] == 300_000) {
                acknowledge();
            }
            return calls[0] % 1_000 < 2 ? InterruptResult.HANDLED : InterruptResult.NONE;
        });
        ring(0);
        lab.run();
        assertThat(lab.reports()).isEmpty();
        assertThat(calls[0]).isEqualTo(300_000);
    }

    @Test
    void aLineThatNobodySilencesLetsTasksAndSoftirqsMove() {
        target(0);
        SoftTasklet tasklet = new SoftTasklet("tasklet", false, context -> log.add("tasklet"));
        boolean[] silence = new boolean[1];
        interrupts.request(line, "bell", context -> {
            if (silence[0]) {
                acknowledge();
            } else {
                tasklet.schedule(context);
            }
            return InterruptResult.HANDLED;
        });
        ring(0);
        assertThat(lab.runUntil(() -> log.size() >= 3)).isTrue();
        lab.startOn(0, "task", self -> {
            for (int i = 0; i < 10; i++) {
                self.cpu().point(Point.REGISTER_ACCESS);
            }
            silence[0] = true;
        });
        lab.finish();
    }
}
