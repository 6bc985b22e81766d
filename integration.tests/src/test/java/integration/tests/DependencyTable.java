// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who may use what: the packages, each with all below it, that the code of a module may name besides its own. The
 * narrow border of the house is here in one table, so that widening it is a decision and not an import.
 */
final class DependencyTable {
    private static final String MACHINE = "hardware.machine";
    private static final String KERNEL_API = "kernel.api";
    private static final String UAPI = "kernel.uapi";
    private static final String CORE = "kernel.core";

    /** The JDK and OSGi's annotations and interfaces: open to all. */
    private static final List<String> EVERYBODY = List.of("java", "jdk.jfr", "org.osgi");

    /**
     * By module, or by family: a name that ends in a dot stands for all modules that begin so and have no row of their
     * own.
     */
    private static final Map<String, List<String>> ROWS = rows();

    /** Trusted with everything: they put the house together or look at it from outside. */
    private static final List<String> UNBOUND = List.of("launcher", "integration.tests", "benchmarks");

    private DependencyTable() {}

    private static Map<String, List<String>> rows() {
        Map<String, List<String>> rows = new TreeMap<>();
        rows.put(MACHINE, List.of());
        // A device model knows the machine and nothing of a kernel: promise 4.
        rows.put("hardware.", List.of(MACHINE));
        rows.put(KERNEL_API, List.of(MACHINE, UAPI));
        rows.put(CORE, List.of(KERNEL_API, UAPI, MACHINE));
        rows.put("kernel.vfs", List.of(KERNEL_API, UAPI, CORE, MACHINE));
        // A driver compiles against the kernel's interfaces and the register names of its device, which row() adds.
        rows.put("drivers.", List.of(KERNEL_API, UAPI, MACHINE));
        // A file system knows the format and nothing of how the kernel uses it.
        rows.put("fs.", List.of(KERNEL_API, UAPI));
        rows.put("userland", List.of(UAPI));
        rows.put(
                "shell",
                List.of(
                        KERNEL_API,
                        UAPI,
                        CORE,
                        "org.apache.felix.service.command",
                        "org.apache.felix.gogo",
                        "org.jline"));
        rows.put(
                "testkit",
                List.of(
                        KERNEL_API,
                        UAPI,
                        CORE,
                        "kernel.vfs",
                        MACHINE,
                        "userland",
                        "org.junit",
                        "org.opentest4j",
                        "org.assertj"));
        return Map.copyOf(rows);
    }

    /** The packages that the module may use, itself included; empty means all. */
    static List<String> row(String module) {
        if (UNBOUND.contains(module)) {
            return List.of();
        }
        String family = module.substring(0, module.indexOf('.') + 1);
        List<String> row = ROWS.getOrDefault(module, ROWS.get(family));
        if (row == null) {
            throw new IllegalArgumentException("the table has no row for " + module);
        }
        List<String> own = module.startsWith("drivers.")
                ? List.of(module, "hardware" + module.substring(module.indexOf('.')))
                : List.of(module);
        return java.util.stream.Stream.of(own, row, EVERYBODY)
                .flatMap(List::stream)
                .toList();
    }

    /** Whether code of the module may name something in this package. */
    static boolean allows(String module, String packageName) {
        List<String> row = row(module);
        return row.isEmpty()
                || row.stream().anyMatch(root -> packageName.equals(root) || packageName.startsWith(root + '.'));
    }
}
