// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.simulated.DoorbellDevice;
import benchmarks.simulated.LiveMachine;
import hardware.machine.bus.BusDevice;
import java.util.concurrent.TimeUnit;
import kernel.api.interrupt.InterruptResult;
import kernel.api.wait.WaitQueue;
import kernel.core.execution.Gone;
import kernel.core.execution.Point;
import kernel.core.execution.Task;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A device that completes inside the write to its register: what the kernel itself adds to a request, with the device taking no time. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class InterruptBenchmark {
    private static final int REQUESTS = 200_000;
    private static final int SWITCHES = 20_000;

    private final LiveMachine machine = new LiveMachine(1);
    private final WaitQueue requester = machine.execution().newWaitQueue("requester", Gone.NEVER);
    private final WaitQueue reader = machine.execution().newWaitQueue("reader", Gone.NEVER);
    private BusDevice device;
    /** Both belong to whoever owns the only processor. */
    private int completed;

    private int taken;

    @Setup
    public void plugIn() {
        DoorbellDevice model = new DoorbellDevice();
        device = machine.execution().machine().bus().attach(model);
        machine.execution().interrupts().request(model.line(), "doorbell", context -> {
            completed++;
            reader.wakeUp(context);
            return InterruptResult.HANDLED;
        });
    }

    @TearDown
    public void close() {
        machine.close();
    }

    /** Register write, interrupt, handler with a wake-up; the one who asked finds the answer there and does not sleep. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public void answeredAtOnce() throws InterruptedException {
        completed = 0;
        machine.run(self -> {
            for (int i = 1; i <= REQUESTS; i++) {
                int wanted = i;
                ring(self);
                reader.waitEvent(self, () -> completed >= wanted);
            }
        });
    }

    /** As above, and the one who waits for the answer is another task: two switches, there and back for the next request. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public void answeredToASleeper() throws InterruptedException {
        completed = 0;
        taken = 0;
        machine.run(
                self -> {
                    for (int i = 1; i <= SWITCHES; i++) {
                        int wanted = i;
                        reader.waitEvent(self, () -> completed >= wanted);
                        taken = i;
                        requester.wakeUp(self);
                    }
                },
                self -> {
                    for (int i = 1; i <= SWITCHES; i++) {
                        int wanted = i;
                        ring(self);
                        requester.waitEvent(self, () -> taken >= wanted);
                    }
                });
    }

    private void ring(Task self) {
        device.write32(DoorbellDevice.DOORBELL, 1);
        self.cpu().point(Point.REGISTER_ACCESS);
    }
}
