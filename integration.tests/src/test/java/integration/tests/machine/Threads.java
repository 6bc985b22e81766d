// SPDX-License-Identifier: Apache-2.0
package integration.tests.machine;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The threads of the host, for the message of a failure and for what must not be left over. Virtual ones, on which tasks run, are among them. */
final class Threads {
    /** The JDK starts and ends these as it likes. */
    private static final Pattern OF_THE_JDK = Pattern.compile(
            "ForkJoinPool.*|VirtualThread-unparker|Attach Listener|process reaper.*|C[12] CompilerThread\\d+");

    private static final Pattern HEADER = Pattern.compile("(?m)^#\\d+ \"(.*?)\"");

    private Threads() {}

    /** The threads that are in code of the machine or of the kernel, with their stacks. */
    static String dump() {
        return Stream.of(text().split("\n\n"))
                .filter(thread -> thread.contains(" kernel.") || thread.contains(" hardware."))
                .collect(Collectors.joining("\n"));
    }

    /** The names of the threads that are alive. */
    static List<String> names() {
        return HEADER.matcher(text())
                .results()
                .map(header -> header.group(1))
                .filter(name -> !OF_THE_JDK.matcher(name).matches())
                .toList();
    }

    private static String text() {
        try {
            Path directory = Files.createTempDirectory("threads");
            Path file = directory.resolve("dump");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
            String text = Files.readString(file);
            Files.delete(file);
            Files.delete(directory);
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
