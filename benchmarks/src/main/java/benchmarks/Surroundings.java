// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where figures come from: a ratio without its machine says little. */
record Surroundings(List<String> lines) {
    private static final Path MITIGATIONS = Path.of("/sys/devices/system/cpu/vulnerabilities");

    /** What can be found out now; the load is that of the last minute, before anything was measured. */
    static Surroundings ofThisMachine(String commit) {
        String load = Files.exists(Path.of("/proc/loadavg"))
                ? firstLine(Path.of("/proc/loadavg")).split(" ")[0]
                : "unknown";
        return new Surroundings(List.of(
                "Machine: %s, %d CPUs%s, %s"
                        .formatted(processor(), Runtime.getRuntime().availableProcessors(), guest(), operatingSystem()),
                "Mitigations that system calls pay for: " + mitigations(),
                "Load when it began: " + load + " (more than a few hundredths, and the figures are noise)",
                "JVM: %s %s, %s"
                        .formatted(
                                System.getProperty("java.vendor.version", System.getProperty("java.vendor")),
                                System.getProperty("java.vm.version"),
                                ManagementFactory.getGarbageCollectorMXBeans().stream()
                                        .map(bean -> bean.getName())
                                        .collect(Collectors.joining(" and "))),
                "Commit: " + commit + ", " + LocalDate.now(java.time.ZoneOffset.UTC)));
    }

    private static String processor() {
        return cpuInfo("model name").orElse(System.getProperty("os.arch"))
                + cpuInfo("cpu family").map(family -> " family " + family).orElse("");
    }

    private static String guest() {
        return cpuInfo("flags")
                        .filter(flags -> (" " + flags + " ").contains(" hypervisor "))
                        .isPresent()
                ? " of a virtual machine"
                : "";
    }

    private static String operatingSystem() {
        return System.getProperty("os.name") + " "
                + System.getProperty("os.version").split("-")[0];
    }

    private static Optional<String> cpuInfo(String key) {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.exists(info)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String mitigations() {
        if (!Files.isDirectory(MITIGATIONS)) {
            return "unknown";
        }
        try (Stream<Path> files = Files.list(MITIGATIONS)) {
            String active = files.sorted()
                    .filter(file -> firstLine(file).startsWith("Mitigation"))
                    .map(file -> file.getFileName() + " (" + firstLine(file).substring("Mitigation: ".length()) + ")")
                    .collect(Collectors.joining(", "));
            return active.isEmpty() ? "none" : active;
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String firstLine(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
