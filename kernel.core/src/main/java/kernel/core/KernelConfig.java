// SPDX-License-Identifier: Apache-2.0
package kernel.core;

import hardware.machine.Machine;
import java.util.Locale;
import java.util.function.LongFunction;
import kernel.core.schedule.Schedule;
import kernel.core.schedule.SeededSchedule;

/**
 * What a kernel is booted with; immutable. Start from {@link #live()} or {@link #deterministic(long)} and change what should differ.
 *
 * @param name for host threads and messages
 * @param cpus 1 to {@value Machine#MAX_PROCESSORS}
 * @param memoryBytes size of physical memory, a multiple of 4 KiB
 * @param iommu whether devices reach only the memory that was mapped for them
 * @param schedule makes the schedule of deterministic mode from the seed; null in live mode
 * @param seed of the schedule, of the devices and of /dev/urandom
 * @param panicOnOops whether an oops halts the kernel
 * @param logLevel messages of a lower level number go to the console
 * @param slubDebug whether kernel memory has red zones and poison, and remembers who allocated it
 */
public record KernelConfig(
        String name,
        int cpus,
        long memoryBytes,
        boolean iommu,
        LongFunction<Schedule> schedule,
        long seed,
        boolean panicOnOops,
        int logLevel,
        boolean slubDebug) {
    /** The parameters that {@link #withParameters} knows. */
    public static final String KNOWN_PARAMETERS =
            "cpus=N, maxcpus=N, iommu=on|off, loglevel=0..8, mem=SIZE[K|M|G], oops=panic, panic_on_oops=0|1, slub_debug[=on|off]";

    private static final long DEFAULT_MEMORY_BYTES = 256L << 20;
    private static final int DEFAULT_LOG_LEVEL = 7;
    private static final long PAGE_BYTES = 4096;
    /** What the kernel needs before it can run anything. */
    private static final long MIN_MEMORY_BYTES = 4L << 20;

    public KernelConfig {
        if (cpus < 1 || cpus > Machine.MAX_PROCESSORS) {
            throw new IllegalArgumentException("1 to " + Machine.MAX_PROCESSORS + " cpus, not " + cpus);
        }
        if (memoryBytes < MIN_MEMORY_BYTES || memoryBytes % PAGE_BYTES != 0) {
            throw new IllegalArgumentException(
                    "memory is a multiple of 4 KiB and at least 4 MiB, not " + memoryBytes + " bytes");
        }
    }

    /** Two processors that run side by side on the host's clock, 256 MiB, IOMMU on. */
    public static KernelConfig live() {
        return new KernelConfig("ubend", 2, DEFAULT_MEMORY_BYTES, true, null, 0, false, DEFAULT_LOG_LEVEL, false);
    }

    /** As {@link #live()}, but in virtual time, every step drawn from the seed. */
    public static KernelConfig deterministic(long seed) {
        return live().withSeed(seed).withSchedule(SeededSchedule::new);
    }

    /**
     * {@link #live()} with kernel parameters.
     *
     * @throws IllegalArgumentException a parameter is not known or its value does not fit
     */
    public static KernelConfig parse(String... parameters) {
        return live().withParameters(parameters);
    }

    /** Whether a schedule decides every step. */
    public boolean isDeterministic() {
        return schedule != null;
    }

    public KernelConfig withName(String newName) {
        return new KernelConfig(newName, cpus, memoryBytes, iommu, schedule, seed, panicOnOops, logLevel, slubDebug);
    }

    public KernelConfig withCpus(int newCpus) {
        return new KernelConfig(name, newCpus, memoryBytes, iommu, schedule, seed, panicOnOops, logLevel, slubDebug);
    }

    public KernelConfig withMemoryBytes(long bytes) {
        return new KernelConfig(name, cpus, bytes, iommu, schedule, seed, panicOnOops, logLevel, slubDebug);
    }

    public KernelConfig withIommu(boolean on) {
        return new KernelConfig(name, cpus, memoryBytes, on, schedule, seed, panicOnOops, logLevel, slubDebug);
    }

    /** Makes it deterministic; each kernel booted with this configuration gets a schedule of its own, made from the seed. */
    public KernelConfig withSchedule(LongFunction<Schedule> newSchedule) {
        return new KernelConfig(name, cpus, memoryBytes, iommu, newSchedule, seed, panicOnOops, logLevel, slubDebug);
    }

    public KernelConfig withSeed(long newSeed) {
        return new KernelConfig(name, cpus, memoryBytes, iommu, schedule, newSeed, panicOnOops, logLevel, slubDebug);
    }

    public KernelConfig withPanicOnOops(boolean panic) {
        return new KernelConfig(name, cpus, memoryBytes, iommu, schedule, seed, panic, logLevel, slubDebug);
    }

    public KernelConfig withLogLevel(int level) {
        return new KernelConfig(name, cpus, memoryBytes, iommu, schedule, seed, panicOnOops, level, slubDebug);
    }

    public KernelConfig withSlubDebug(boolean on) {
        return new KernelConfig(name, cpus, memoryBytes, iommu, schedule, seed, panicOnOops, logLevel, on);
    }

    /**
     * Applies kernel parameters as on Linux's command line, see {@link #KNOWN_PARAMETERS}.
     *
     * @throws IllegalArgumentException a parameter is not known or its value does not fit; the message says what is known
     */
    public KernelConfig withParameters(String... parameters) {
        KernelConfig config = this;
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            String key = equals < 0 ? parameter : parameter.substring(0, equals);
            config = config.withParameter(parameter, key, equals < 0 ? "" : parameter.substring(equals + 1));
        }
        return config;
    }

    private KernelConfig withParameter(String parameter, String key, String value) {
        return switch (key) {
            case "cpus", "maxcpus" -> withCpus((int) number(parameter, value, 1, Machine.MAX_PROCESSORS));
            case "mem" -> withMemoryBytes(size(parameter, value));
            case "iommu" -> withIommu(flag(parameter, value));
            case "loglevel" -> withLogLevel((int) number(parameter, value, 0, 8));
            case "panic_on_oops" -> withPanicOnOops(number(parameter, value, 0, 1) == 1);
            case "slub_debug" -> withSlubDebug(value.isEmpty() || flag(parameter, value));
            case "oops" -> {
                if (!value.equals("panic")) {
                    throw unfit(parameter);
                }
                yield withPanicOnOops(true);
            }
            default ->
                throw new IllegalArgumentException(
                        "unknown kernel parameter '" + parameter + "'; known are " + KNOWN_PARAMETERS);
        };
    }

    private static boolean flag(String parameter, String value) {
        return switch (value) {
            case "on", "1" -> true;
            case "off", "0" -> false;
            default -> throw unfit(parameter);
        };
    }

    private static long size(String parameter, String value) {
        int last = value.length() - 1;
        int shift = last < 0
                ? 0
                : switch (value.substring(last).toUpperCase(Locale.ROOT)) {
                    case "K" -> 10;
                    case "M" -> 20;
                    case "G" -> 30;
                    default -> 0;
                };
        String digits = shift == 0 ? value : value.substring(0, last);
        return number(parameter, digits, 1, Long.MAX_VALUE >> shift) << shift;
    }

    private static long number(String parameter, String value, long min, long max) {
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // The message below says it better.
        }
        throw unfit(parameter);
    }

    private static IllegalArgumentException unfit(String parameter) {
        return new IllegalArgumentException(
                "kernel parameter '" + parameter + "' has a value that does not fit; known are " + KNOWN_PARAMETERS);
    }
}
