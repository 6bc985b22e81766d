// SPDX-License-Identifier: Apache-2.0
package kernel.core.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kernel.core.KernelConfig;
import kernel.core.schedule.SeededSchedule;

/**
 * The kernel's command line: parameters of the kernel itself, and of the world that it is booted into.
 *
 * @param commandLine as it was given, for /proc/cmdline
 * @param devices what is plugged in before the kernel boots
 * @param autoload whether a device that nobody drives loads the module that can
 * @param moduleTimeoutSeconds how long the code of a module may take to start
 */
public record BootParameters(
        String commandLine,
        KernelConfig config,
        List<DeviceSpecification> devices,
        boolean autoload,
        int moduleTimeoutSeconds) {
    /** One line for each parameter. */
    public static final String HELP = """
              autoload=0|1         a device that nobody drives loads its module (default 0)
              cpus=N               processors, 1 to 64 (default 2)
              deterministic        virtual time, every step drawn from the seed
              devices=TYPE[:KEY=VALUE]...[,TYPE...]
                                   what is plugged in at boot (default tempsensor; empty for nothing)
              iommu=on|off         off: devices reach all of memory (default on)
              loglevel=0..8        messages below that level go to the console (default 4: errors)
              mem=SIZE             memory, with K, M or G (default 256M)
              module_timeout=N     seconds that a module may take to start (default 30)
              panic_on_oops=0|1    an oops halts the kernel (default 0)
              seed=N               the seed; includes deterministic
              slub_debug=on|off    red zones and poison around kernel memory (default off)
            """;

    private static final int DEFAULT_MODULE_TIMEOUT_SECONDS = 30;
    /** A person at a prompt wants to see what went wrong, not what went well: dmesg has that. */
    private static final int CONSOLE_LEVEL = 4;

    private static final List<String> OF_THE_KERNEL =
            List.of("cpus", "maxcpus", "mem", "iommu", "loglevel", "panic_on_oops", "oops", "slub_debug");
    private static final List<String> OF_THE_WORLD =
            List.of("autoload", "deterministic", "devices", "module_timeout", "seed");
    /** Those that mean something without a value. */
    private static final List<String> FLAGS = List.of("deterministic", "slub_debug");

    public BootParameters {
        devices = List.copyOf(devices);
    }

    /** A device to plug in: {@code TYPE:KEY=VALUE:KEY=VALUE}. */
    public record DeviceSpecification(String type, Map<String, String> parameters) {
        public DeviceSpecification {
            parameters = Map.copyOf(parameters);
        }

        static DeviceSpecification parse(String text) {
            String[] parts = text.split(":");
            Map<String, String> parameters = new TreeMap<>();
            for (int i = 1; i < parts.length; i++) {
                int equals = parts[i].indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("devices: '" + parts[i] + "' is not KEY=VALUE");
                }
                parameters.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
            }
            return new DeviceSpecification(parts[0], parameters);
        }
    }

    /** Whether the word is a parameter that needs no value. */
    public static boolean isFlag(String word) {
        return FLAGS.contains(word);
    }

    /**
     * Reads the words of a command line.
     *
     * @throws IllegalArgumentException a parameter is not known or its value does not fit; the message says which
     */
    public static BootParameters parse(List<String> words) {
        Map<String, String> world = new TreeMap<>();
        List<String> kernel = new ArrayList<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            if (OF_THE_KERNEL.contains(key)) {
                kernel.add(word);
            } else if (OF_THE_WORLD.contains(key)) {
                if (equals < 0 && !isFlag(key)) {
                    throw new IllegalArgumentException("kernel parameter '" + key + "' needs a value");
                }
                world.put(key, equals < 0 ? "1" : word.substring(equals + 1));
            } else {
                throw new IllegalArgumentException("unknown kernel parameter '" + key + "'" + hint(key));
            }
        }
        return new BootParameters(
                String.join(" ", words),
                config(kernel, world),
                devices(world.getOrDefault("devices", "tempsensor")),
                flag(world, "autoload"),
                (int) number(world, "module_timeout", DEFAULT_MODULE_TIMEOUT_SECONDS, 1, 86_400));
    }

    private static KernelConfig config(List<String> kernel, Map<String, String> world) {
        KernelConfig config = KernelConfig.live().withLogLevel(CONSOLE_LEVEL);
        if (world.containsKey("seed") || flag(world, "deterministic")) {
            config = config.withSeed(number(world, "seed", 0, Long.MIN_VALUE, Long.MAX_VALUE))
                    .withSchedule(SeededSchedule::new);
        }
        return config.withParameters(kernel.toArray(String[]::new));
    }

    private static List<DeviceSpecification> devices(String text) {
        List<DeviceSpecification> devices = new ArrayList<>();
        for (String device : text.split(",")) {
            if (!device.isBlank()) {
                devices.add(DeviceSpecification.parse(device.strip()));
            }
        }
        return devices;
    }

    private static boolean flag(Map<String, String> world, String key) {
        return switch (world.getOrDefault(key, "0")) {
            case "1", "on", "y", "" -> true;
            case "0", "off", "n" -> false;
            default -> throw unfit(key, world.get(key));
        };
    }

    private static long number(Map<String, String> world, String key, long otherwise, long min, long max) {
        String value = world.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.decode(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw unfit(key, value);
    }

    private static IllegalArgumentException unfit(String key, String value) {
        return new IllegalArgumentException("kernel parameter '" + key + "' cannot be '" + value + "'");
    }

    private static String hint(String key) {
        List<String> known = new ArrayList<>(OF_THE_KERNEL);
        known.addAll(OF_THE_WORLD);
        String nearest = known.stream()
                .min(Comparator.comparingInt(name -> distance(name, key)))
                .orElseThrow();
        return distance(nearest, key) <= Math.max(2, key.length() / 3)
                ? "; did you mean '" + nearest + "'?"
                : "; known are " + String.join(", ", known.stream().sorted().toList());
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
