// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import hardware.ssd.control.Fault;
import hardware.ssd.control.FaultKind;
import hardware.ssd.control.InjectedFault;
import hardware.ssd.control.SsdControl;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Faults of a disk in words: every {@link FaultKind} under its own name, and what else a hand can do to it. */
final class SsdFaults {
    private static final long NANOS_PER_MICRO = 1_000;
    private static final String POWER_CUT = "power-cut";
    private static final String POWER_ON = "power-on";
    private static final String INTERRUPT = "interrupt";
    private static final String TEMPERATURE = "temperature";
    private static final String ATTACH = "attach";
    private static final String DETACH = "detach";

    private SsdFaults() {}

    static Map<String, String> kinds() {
        Map<String, String> kinds = new LinkedHashMap<>();
        for (FaultKind kind : FaultKind.values()) {
            kinds.put(name(kind), meaning(kind));
        }
        kinds.put(POWER_CUT, "the power fails, now or at a step of the firmware (after=STEPS)");
        kinds.put(POWER_ON, "the power comes back; the firmware recovers");
        kinds.put(INTERRUPT, "an interrupt without a reason (vector=N)");
        kinds.put(TEMPERATURE, "it gets so hot (kelvin=N)");
        kinds.put(ATTACH, "a namespace is attached (namespace=N)");
        kinds.put(DETACH, "a namespace is detached (namespace=N)");
        return kinds;
    }

    private static String name(FaultKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String meaning(FaultKind kind) {
        return switch (kind) {
            case CORRUPT_READ -> "a read delivers data with a flipped bit in each block, and success";
            case TORN_WRITE -> "a write stores half of each 4 KiB, and success";
            case MISDIRECTED_WRITE -> "a write goes blocks=N further on, and success";
            case MISDIRECTED_READ -> "a read comes from blocks=N further on, and success";
            case LOST_WRITE -> "a write stores nothing, and success";
            case READ_ERROR -> "a read fails: unrecovered read error";
            case WRITE_ERROR -> "a write fails: write fault";
            case STUCK -> "a command never completes; an abort of it succeeds";
            case LOST_INTERRUPT -> "a completion comes without its interrupt";
            case SPURIOUS_INTERRUPT -> "an interrupt is sent twice";
            case WILD_DMA -> "data goes to or comes from an address that nobody mapped";
            case CONTROLLER_FATAL -> "the controller fails (CSTS.CFS) until it is reset";
            case SLOW -> "a command takes delay_us longer";
        };
    }

    static Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("queue", "in this queue only; 0 is the admin queue (default: any)");
        parameters.put("namespace", "in this namespace only (default: any)");
        parameters.put("first", "first block of a range that is meant (default 0)");
        parameters.put("count", "blocks of the range (default: all)");
        parameters.put("after", "so many occasions pass before (default 0); of a power cut: at that step");
        parameters.put("interval", "at every so many occasions only (default 1)");
        parameters.put("probability", "that it strikes at an occasion, 0 to 1 (default 1)");
        parameters.put("times", "over after so often (default: never)");
        parameters.put("blocks", "how far misdirected data is off (default 8)");
        parameters.put("delay_us", "how much slower a slow command is (default 1000000)");
        parameters.put("vector", "which interrupt (default 1)");
        parameters.put("kelvin", "how hot");
        return parameters;
    }

    static void inject(SsdControl disk, String kind, Map<String, String> given) {
        Map<String, String> known = parameters();
        for (String name : given.keySet()) {
            if (!known.containsKey(name)) {
                throw new IllegalArgumentException(
                        "a fault has no parameter '%s', only %s".formatted(name, String.join(", ", known.keySet())));
            }
        }
        switch (kind) {
            case POWER_CUT -> cutPower(disk, given);
            case POWER_ON -> disk.powerOn();
            case INTERRUPT -> disk.interrupt((int) number(given, "vector", 1));
            case TEMPERATURE -> disk.setTemperature((int) number(given, "kelvin", -1));
            case ATTACH -> disk.attachNamespace((int) number(given, "namespace", -1));
            case DETACH -> disk.detachNamespace((int) number(given, "namespace", -1));
            default -> disk.inject(fault(kind(kind), given));
        }
    }

    private static void cutPower(SsdControl disk, Map<String, String> given) {
        long steps = number(given, "after", 0);
        if (steps == 0) {
            disk.powerCut();
        } else {
            disk.powerCutAfterSteps(steps);
        }
    }

    private static FaultKind kind(String name) {
        for (FaultKind kind : FaultKind.values()) {
            if (name(kind).equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("nothing goes wrong by the name '%s'; there are: %s"
                .formatted(name, String.join(", ", kinds().keySet())));
    }

    private static Fault fault(FaultKind kind, Map<String, String> given) {
        Fault plain = Fault.of(kind);
        return new Fault(
                kind,
                (int) number(given, "queue", Fault.ANY),
                (int) number(given, "namespace", Fault.ANY),
                number(given, "first", plain.firstBlock()),
                number(given, "count", plain.blockCount()),
                number(given, "after", plain.after()),
                number(given, "interval", plain.interval()),
                probability(given),
                number(given, "times", plain.times()),
                number(given, "blocks", plain.blocks()),
                Math.multiplyExact(number(given, "delay_us", plain.delayNanos() / NANOS_PER_MICRO), NANOS_PER_MICRO));
    }

    private static double probability(Map<String, String> given) {
        String text = given.getOrDefault("probability", "1");
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("probability is a number from 0 to 1, not '" + text + "'", e);
        }
    }

    /** Without a default it must be given: {@code otherwise} is then negative, and so is no answer. */
    private static long number(Map<String, String> given, String name, long otherwise) {
        String text = given.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("%s is a whole number, not '%s'".formatted(name, text), e);
        }
    }

    static List<String> atWork(SsdControl disk) {
        return disk.faults().stream().map(SsdFaults::line).toList();
    }

    private static String line(InjectedFault injected) {
        return "%s: struck %d times, %d occasions"
                .formatted(name(injected.fault().kind()), injected.strikes(), injected.occasions());
    }
}
