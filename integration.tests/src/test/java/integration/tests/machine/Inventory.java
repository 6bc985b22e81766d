// SPDX-License-Identifier: Apache-2.0
package integration.tests.machine;

import integration.tests.framework.TestFramework;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * All that could be left over by something that came and went: of the framework, of the kernel and of the host. Sorted, so that two of them can
 * be compared.
 *
 * @param bundles by name
 * @param services with their types, each behind the bundle that published it
 * @param threads of the host, those of the tasks too
 * @param tasks of the kernel; no process is among them
 * @param nodes in /dev
 * @param interrupts lines of /proc/interrupts without the counts
 * @param memory free pages and slabs, from /proc/meminfo
 */
public record Inventory(
        List<String> bundles,
        List<String> services,
        List<String> threads,
        List<String> tasks,
        List<String> nodes,
        List<String> interrupts,
        List<String> memory) {
    /** What there is, once the processes have ended that were needed to look. */
    static Inventory of(TestFramework framework, TestMachine machine) {
        List<String> nodes = machine.ls("/dev");
        List<String> interrupts = machine.cat("/proc/interrupts")
                .lines()
                .map(line -> line.replaceAll(" +\\d+", ""))
                .toList();
        machine.awaitNoProcesses();
        return new Inventory(
                sorted(Stream.of(framework.context().getBundles()).map(Bundle::getSymbolicName)),
                sorted(services(framework)),
                sorted(Threads.names().stream().filter(name -> !isOfTheKernel(name))),
                sorted(machine.tasks().values().stream().filter(name -> !isOfTheKernel(name))),
                nodes,
                interrupts,
                machine.kernel()
                        .procTable()
                        .text("meminfo")
                        .lines()
                        .filter(line -> line.startsWith("MemFree") || line.startsWith("Slab"))
                        .toList());
    }

    /** One for each processor, made when it is first needed, and kept. */
    private static boolean isOfTheKernel(String thread) {
        return thread.startsWith("ksoftirqd/") || thread.startsWith("kworker/");
    }

    private static Stream<String> services(TestFramework framework) {
        try {
            ServiceReference<?>[] references = framework.context().getAllServiceReferences(null, null);
            return Stream.of(references)
                    .map(service -> service.getBundle().getSymbolicName() + ": "
                            + String.join(", ", (String[]) service.getProperty(Constants.OBJECTCLASS)));
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> sorted(Stream<String> texts) {
        return texts.sorted().toList();
    }
}
