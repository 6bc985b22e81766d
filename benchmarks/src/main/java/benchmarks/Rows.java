// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import benchmarks.host.HostProcesses;
import benchmarks.host.LoopDevice;
import benchmarks.module.ModuleCycles;
import benchmarks.operation.BootBenchmark;
import benchmarks.operation.ContextSwitchBenchmark;
import benchmarks.operation.DiskQueueBenchmark;
import benchmarks.operation.DiskReadBenchmark;
import benchmarks.operation.DriverExplorationBenchmark;
import benchmarks.operation.EmptyDowncallBenchmark;
import benchmarks.operation.InterruptBenchmark;
import benchmarks.operation.NullSystemCallBenchmark;
import benchmarks.operation.OpenCloseBenchmark;
import benchmarks.operation.PipeBenchmark;
import benchmarks.operation.ProcessBenchmark;
import benchmarks.operation.ReadZeroBenchmark;
import benchmarks.operation.SchedulePointBenchmark;
import benchmarks.operation.SpinLockBenchmark;
import benchmarks.operation.ThreeTaskScheduleBenchmark;
import benchmarks.operation.TrapBenchmark;
import benchmarks.simulated.BlockedReaders;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operations that are measured, in the order of the table, with what each may cost. */
final class Rows {
    private static final int BLOCKED_READERS = 100_000;
    private static final String HOST = "host";
    private static final String SIMULATED = "simulated";

    private final PrintStream log;

    private Rows(PrintStream log) {
        this.log = log;
    }

    static List<Row> all(PrintStream log) {
        Rows rows = new Rows(log);
        List<Row> all = new ArrayList<>(rows.besideTheHost());
        all.addAll(rows.wholeKernels());
        all.addAll(rows.schedules());
        all.addAll(rows.parts());
        return all;
    }

    private List<Row> besideTheHost() {
        return List.of(
                new Row(
                        "empty downcall (abs)",
                        jmh(EmptyDowncallBenchmark.class, HOST),
                        null,
                        Goal.none(),
                        "What of the host's figures below is the crossing from Java to C. Nothing is subtracted anywhere."),
                new Row(
                        "empty downcall that may block (abs)",
                        jmh(EmptyDowncallBenchmark.class, "hostMayBlock"),
                        null,
                        Goal.none(),
                        "The same for the calls on pipes, which cross in the slower way that may block."),
                pair("null system call (getppid)", NullSystemCallBenchmark.class, Goal.ratioAtMost(0.25)),
                pair("read 1 byte of /dev/zero", ReadZeroBenchmark.class, Goal.ratioAtMost(0.4), "bytes", "1"),
                pair("read 4 KiB of /dev/zero", ReadZeroBenchmark.class, Goal.ratioAtMost(1), "bytes", "4096"),
                pair("open + close of /dev/null", OpenCloseBenchmark.class, Goal.ratioAtMost(0.5)),
                new Row(
                        "blocked wake-up (pipe, one way), one CPU",
                        jmh(PipeBenchmark.class, HOST, "processors", "1"),
                        jmh(PipeBenchmark.class, SIMULATED, "processors", "1"),
                        Goal.ratioAtMost(0.5),
                        "Host: two threads of one process, kept on one CPU, which is its best case. Ours: two processes on a kernel with one CPU."),
                new Row(
                        "the same, two CPUs",
                        jmh(PipeBenchmark.class, HOST, "processors", "2"),
                        jmh(PipeBenchmark.class, SIMULATED, "processors", "2"),
                        Goal.ratioAtMost(0.5),
                        "Where the two run is each scheduler's choice. A host that spreads them pays for waking an idle CPU, dearly so in a virtual machine."),
                process(),
                disk(
                        "read 4 KiB of a disk, past the cache, one at a time",
                        DiskReadBenchmark.class,
                        "Random places, pread with O_DIRECT. Host: a loop device on a file in memory. Ours: the solid state disk with latency profile zero.",
                        "way",
                        "direct"),
                disk(
                        "the same, 32 in flight",
                        DiskQueueBenchmark.class,
                        "One process, io_submit and io_getevents; the time for each of them.",
                        "depth",
                        "32"),
                disk(
                        "read 4 KiB out of the page cache",
                        DiskReadBenchmark.class,
                        "Of the same disks, pread without O_DIRECT.",
                        "way",
                        "cached"));
    }

    private Row disk(String name, Class<?> benchmark, String note, String parameter, String value) {
        return new Row(
                name,
                new Hindered(jmh(benchmark, HOST, parameter, value), LoopDevice.hindrance()),
                jmh(benchmark, SIMULATED, parameter, value),
                Goal.ratioAtMost(value.equals("cached") ? 1.5 : 0.5),
                note);
    }

    private Row process() {
        Measurement forking = new Hindered(
                jmh(ProcessBenchmark.class, HOST),
                HostProcesses.compiler().isPresent() ? Optional.empty() : Optional.of("there is no C compiler"));
        return new Row(
                "process create + exit (fork, exit, wait)",
                forking,
                jmh(ProcessBenchmark.class, SIMULATED),
                Goal.ratioAtMost(0.05),
                "Host: a small static C program that forks, the cheapest process there is to copy.");
    }

    private List<Row> wholeKernels() {
        ChildJvm readers = new ChildJvm(
                log, BlockedReaders.class, _ -> List.of(String.valueOf(BLOCKED_READERS)), "-Xmx1g", "-Xms1g");
        ChildJvm modules = new ChildJvm(
                log, ModuleCycles.class, effort -> List.of("launcher/target", String.valueOf(effort.moduleCycles())));
        return List.of(
                new Row(
                        "./ubend -c true, cold JVM, built",
                        null,
                        new ColdStart(log),
                        Goal.atMostMillis(600),
                        "The whole process, from its start to its end."),
                new Row(
                        "insmod of a small driver, to its node",
                        null,
                        modules.figure("insmod", Unit.NANOSECONDS),
                        Goal.atMostMillis(5),
                        "The temperature sensor's, in the framework with the launcher's bundles, by the system calls of insmod and rmmod."),
                new Row("its rmmod", null, modules.figure("rmmod", Unit.NANOSECONDS), Goal.atMostMillis(1), ""),
                new Row(
                        "boot of a kernel in a test",
                        null,
                        jmh(BootBenchmark.class, SIMULATED),
                        Goal.atMostMillis(1),
                        "With its file systems mounted, and ended again."),
                new Row(
                        "processes blocked in read at once, 1 GiB heap",
                        null,
                        readers.figure("blocked", Unit.COUNT),
                        Goal.atLeast(BLOCKED_READERS, Unit.COUNT),
                        "All of them end when the pipe is closed, or it does not count."),
                new Row(
                        "heap for each of them, bytes",
                        null,
                        readers.figure("heap-bytes-each", Unit.COUNT),
                        Goal.none(),
                        ""));
    }

    private List<Row> schedules() {
        return List.of(
                new Row(
                        "schedules of a two-reader driver test, one core",
                        null,
                        jmh(DriverExplorationBenchmark.class, SIMULATED),
                        Goal.atLeast(10_000, Unit.PER_SECOND),
                        "Each a fresh kernel, sensor, driver and two processes that open and read."),
                ours("schedules of three tasks and a lock", ThreeTaskScheduleBenchmark.class, SIMULATED),
                ours("points decided by a schedule", SchedulePointBenchmark.class, SIMULATED));
    }

    private List<Row> parts() {
        return List.of(
                ours("trap in and out", TrapBenchmark.class, SIMULATED),
                ours("spin lock and unlock", SpinLockBenchmark.class, SIMULATED),
                ours(
                        "context switch by a wait queue, one CPU",
                        ContextSwitchBenchmark.class,
                        SIMULATED,
                        "processors",
                        "1"),
                ours("the same across two CPUs", ContextSwitchBenchmark.class, SIMULATED, "processors", "2"),
                ours("doorbell, interrupt, wake-up", InterruptBenchmark.class, "answeredAtOnce"),
                ours("the same to a sleeping task and back", InterruptBenchmark.class, "answeredToASleeper"));
    }

    private Row pair(String operation, Class<?> benchmark, Goal goal, String... parameter) {
        return new Row(operation, jmh(benchmark, HOST, parameter), jmh(benchmark, SIMULATED, parameter), goal, "");
    }

    private Row ours(String operation, Class<?> benchmark, String method, String... parameter) {
        return new Row(operation, null, jmh(benchmark, method, parameter), Goal.none(), "");
    }

    private Measurement jmh(Class<?> benchmark, String method, String... parameter) {
        return new JmhMeasurement(log, benchmark, method, parameter);
    }
}
