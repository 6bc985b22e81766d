// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.simulated.DriverProbe;
import drivers.tempsensor.TempSensorDriver;
import hardware.machine.bus.BusDevice;
import hardware.tempsensor.TemperatureSensorModel;
import hardware.tempsensor.TemperatureSensorParameters;
import java.util.concurrent.TimeUnit;
import kernel.uapi.OpenFlags;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import testkit.TestKernel;
import testkit.TestProcess;
import userland.libc.Libc;

/**
 * How many schedules a second a driver's test explores on one core: each a fresh kernel with two processors, the sensor and its driver,
 * and two processes that read it at once, with another seed.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
public class DriverExplorationBenchmark {
    private static final int CPUS = 2;
    private static final int LINE_BYTES = 64;
    private static final TemperatureSensorParameters SENSOR = new TemperatureSensorParameters(0, 1_000, 100);

    private long seed;

    @Benchmark
    public void simulated() {
        try (TestKernel kernel = TestKernel.exploring(seed++, CPUS)) {
            BusDevice device = kernel.plug(new TemperatureSensorModel(SENSOR));
            kernel.bind(device, "tempsensor", bound -> DriverProbe.probe(TempSensorDriver.class, bound));
            TestProcess first = kernel.start("first", DriverExplorationBenchmark::readOnce);
            TestProcess second = kernel.start("second", DriverExplorationBenchmark::readOnce);
            kernel.runUntil(() -> !first.isAlive() && !second.isAlive());
            if (first.exitCode() + second.exitCode() != 0) {
                throw new IllegalStateException("seed " + (seed - 1) + ": " + kernel.log());
            }
        }
    }

    private static int readOnce(Libc libc) {
        int fd = libc.open("/dev/tempsensor", OpenFlags.O_RDONLY);
        return libc.read(fd, libc.ioBuffer(), LINE_BYTES) > 0 ? 0 : 1;
    }
}
