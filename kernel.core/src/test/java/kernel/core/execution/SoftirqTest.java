// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.ArrayList;
import java.util.List;
import kernel.api.interrupt.InterruptHandler;
import kernel.api.interrupt.InterruptResult;
import kernel.core.execution.Softirqs.Vector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Softirqs: when they run, how long at most, and who runs the rest. */
class SoftirqTest {
    private final Lab lab = Lab.deterministic(1);
    private final Softirqs softirqs = lab.cpu(0).softirqs;
    private final BusDevice device = lab.plug(new Doorbell(Trigger.EDGE));
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        lab.close();
    }

    private void onInterrupt(InterruptHandler handler) {
        lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", handler);
    }

    private void ring() {
        device.write32(Doorbell.RING.offset(), 0);
    }

    @Test
    void whatAHandlerRaisesRunsAfterItWithInterruptsEnabledOnTheSameProcessor() {
        lab.execution().openSoftirq(Vector.BLOCK, context -> {
            Cpu cpu = lab.cpu(0);
            assertThat(cpu.inHardirq()).isFalse();
            assertThat(cpu.isServingSoftirq()).isTrue();
            assertThat(cpu.processor().interruptsEnabled()).isTrue();
            log.add("softirq on " + context.currentName());
        });
        onInterrupt(context -> {
            softirqs.raise(Vector.BLOCK);
            log.add("handler");
            return InterruptResult.HANDLED;
        });
        lab.start("bystander", self -> {
            ring();
            self.cpu().point(Point.REGISTER_ACCESS);
            log.add("task");
        });
        lab.finish();
        assertThat(log).containsExactly("handler", "softirq on bystander", "task");
        assertThat(softirqs.count(Vector.BLOCK)).isEqualTo(1);
    }

    @Test
    void theyRunInTheOrderOfTheirVectorsWhateverTheOrderOfRaising() {
        for (Vector vector : List.of(Vector.NET_RX, Vector.BLOCK, Vector.RCU)) {
            lab.execution().openSoftirq(vector, context -> log.add(vector.name()));
        }
        onInterrupt(context -> {
            softirqs.raise(Vector.RCU);
            softirqs.raise(Vector.NET_RX);
            softirqs.raise(Vector.BLOCK);
            softirqs.raise(Vector.NET_RX);
            return InterruptResult.HANDLED;
        });
        ring();
        lab.run();
        lab.checkHealthy();
        assertThat(log).containsExactly("NET_RX", "BLOCK", "RCU");
    }

    @Test
    void oneThatRaisesItselfRunsTenTimesAndThenInTheDaemon() {
        List<String> current = new ArrayList<>();
        lab.execution().openSoftirq(Vector.NET_RX, context -> {
            current.add(context.currentName());
            if (current.size() < 25) {
                softirqs.raise(Vector.NET_RX);
            }
        });
        onInterrupt(context -> {
            softirqs.raise(Vector.NET_RX);
            return InterruptResult.HANDLED;
        });
        lab.start("bystander", self -> {
            ring();
            self.cpu().point(Point.REGISTER_ACCESS);
            current.add("task goes on");
        });
        lab.run();
        lab.checkHealthy();
        assertThat(current.subList(0, 11)).startsWith("bystander").endsWith("task goes on");
        assertThat(current.subList(0, 10)).containsOnly("bystander");
        assertThat(current.subList(11, current.size())).hasSize(14).containsOnly("ksoftirqd/0");
    }

    @Test
    void afterTwoMillisecondsTheRestIsForTheDaemon() {
        lab.execution().openSoftirq(Vector.NET_RX, context -> {
            log.add(context.currentName());
            lab.spend(1_100_000);
            if (log.size() < 4) {
                softirqs.raise(Vector.NET_RX);
            }
        });
        onInterrupt(context -> {
            softirqs.raise(Vector.NET_RX);
            return InterruptResult.HANDLED;
        });
        lab.start("bystander", self -> {
            ring();
            self.cpu().point(Point.REGISTER_ACCESS);
        });
        lab.run();
        lab.checkHealthy();
        assertThat(log).containsExactly("bystander", "bystander", "ksoftirqd/0", "ksoftirqd/0");
    }

    @Test
    void whatIsRaisedOutsideOfAnInterruptIsForTheDaemon() {
        lab.execution().openSoftirq(Vector.NET_TX, context -> log.add(context.currentName()));
        lab.start("task", self -> {
            softirqs.raise(Vector.NET_TX);
            log.add("task");
        });
        lab.run();
        lab.start("task", self -> softirqs.raise(Vector.NET_TX));
        lab.run();
        lab.checkHealthy();
        assertThat(log).as("the second time the daemon is woken").containsExactly("task", "ksoftirqd/0", "ksoftirqd/0");
    }

    @Test
    void anInterruptOnTopOfASoftirqDoesNotRunSoftirqsInside() {
        List<Integer> depths = new ArrayList<>();
        lab.execution().openSoftirq(Vector.NET_RX, context -> {
            log.add("begin");
            if (log.size() == 1) {
                ring();
                lab.cpu(0).point(Point.REGISTER_ACCESS);
            }
            log.add("end");
        });
        onInterrupt(context -> {
            log.add("handler");
            depths.add(lab.cpu(0).preemptCount());
            softirqs.raise(Vector.NET_RX);
            return InterruptResult.HANDLED;
        });
        lab.recording();
        lab.start("bystander", self -> {
            softirqs.raise(Vector.NET_RX);
            lab.cpu(0).softirqDisable();
            lab.cpu(0).softirqEnable();
        });
        lab.run();
        lab.checkHealthy();
        assertThat(log).containsExactly("begin", "handler", "end", "begin", "end");
        assertThat(depths).containsExactly(Cpu.HARDIRQ_OFFSET + Cpu.SOFTIRQ_OFFSET);
        assertThat(lab.records()).anyMatch(event -> event.context().charAt(2) == 'H');
    }

    @Test
    void oneThatThrowsPanics() {
        lab.execution().openSoftirq(Vector.NET_RX, context -> {
            throw new IllegalStateException("a bug in a driver");
        });
        onInterrupt(context -> {
            softirqs.raise(Vector.NET_RX);
            return InterruptResult.HANDLED;
        });
        ring();
        lab.run();
        assertThat(lab.deadInterrupts()).singleElement().isInstanceOf(IllegalStateException.class);
    }
}
