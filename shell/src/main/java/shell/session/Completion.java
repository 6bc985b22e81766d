// SPDX-License-Identifier: Apache-2.0
package shell.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kernel.core.Kernel;
import kernel.core.control.FaultControl;
import kernel.core.control.HardwareControl;
import kernel.core.control.HardwareControl.DeviceState;
import kernel.core.control.ModuleControl;
import kernel.core.control.ModuleControl.ModuleDescription;
import kernel.core.control.ModuleControl.ModuleState;
import kernel.core.control.SessionControl;
import kernel.uapi.Executable;
import org.jline.reader.Candidate;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import shell.process.ToolProcess;

/** What the tabulator key offers: commands, modules, devices, and files of the simulated machine. */
final class Completion {
    private static final List<String> BUILTINS = List.of(
            "alias",
            "bg",
            "break",
            "cd",
            "continue",
            "eval",
            "exec",
            "exit",
            "export",
            "fg",
            "jobs",
            "read",
            "return",
            "set",
            "shift",
            "test",
            "trap",
            "type",
            "umask",
            "unset",
            "wait");

    private static final long PATIENCE_MILLIS = 500;

    private final Kernel kernel;
    private final SessionControl sessions;
    private final BundleContext context;
    private volatile int shell;

    Completion(Kernel kernel, SessionControl sessions, BundleContext context) {
        this.kernel = kernel;
        this.sessions = sessions;
        this.context = context;
    }

    /** Whose current directory counts. */
    void setShell(int pid) {
        shell = pid;
    }

    /**
     * Adds what the word may become.
     *
     * @param line up to and including the word
     */
    void complete(String line, String word, List<Candidate> candidates) {
        // Only the command that the word belongs to.
        String before = line.substring(0, Math.max(0, line.length() - word.length()));
        String command = before.substring(lastSeparator(before) + 1).strip();
        String[] words = command.isEmpty() ? new String[0] : command.split("\\s+");
        if (words.length == 0 || isPrefix(words[words.length - 1])) {
            if (word.indexOf('/') < 0) {
                commands().forEach(name -> candidates.add(new Candidate(name)));
                return;
            }
        } else {
            arguments(words).forEach(name -> candidates.add(new Candidate(name)));
        }
        paths(word, candidates);
    }

    private static int lastSeparator(String text) {
        int last = -1;
        for (char separator : new char[] {';', '|', '&', '('}) {
            last = Math.max(last, text.lastIndexOf(separator));
        }
        return last;
    }

    /** Commands whose arguments are a command. */
    private static boolean isPrefix(String word) {
        return List.of("ubend", "strace", "trace", "exec", "env").contains(word);
    }

    private Collection<String> commands() {
        List<String> names = new ArrayList<>(BUILTINS);
        try {
            for (ServiceReference<Executable> program : context.getServiceReferences(Executable.class, null)) {
                if (program.getProperty(Executable.PATH) instanceof String path) {
                    names.add(path.substring(path.lastIndexOf('/') + 1));
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
        return names;
    }

    private Collection<String> arguments(String... words) {
        ModuleControl modules = service(ModuleControl.class);
        HardwareControl hardware = service(HardwareControl.class);
        if (modules == null || hardware == null) {
            return List.of();
        }
        return switch (words[0]) {
            case "modprobe", "modinfo" ->
                modules.available().stream().map(ModuleDescription::name).toList();
            case "rmmod" -> modules.loaded().stream().map(ModuleState::name).toList();
            case "hotplug" -> {
                if (words.length == 1) {
                    yield List.of("add", "list", "remove");
                }
                yield words[1].equals("remove")
                        ? hardware.devices().stream().map(DeviceState::name).toList()
                        : hardware.types().keySet();
            }
            case "fault" -> faultWords(hardware, words);
            default -> List.of();
        };
    }

    private static Collection<String> faultWords(HardwareControl hardware, String... words) {
        List<String> devices = hardware.breakableDevices();
        List<String> candidates = new ArrayList<>();
        if (words.length == 1) {
            candidates.add("list");
        }
        if (words.length == 1 || (words.length == 2 && words[1].equals("list"))) {
            candidates.addAll(devices);
        } else if (devices.contains(words[1])) {
            FaultControl device = hardware.faults(words[1]);
            if (words.length == 2) {
                candidates.add("clear");
                candidates.addAll(device.kinds().keySet());
            } else {
                device.parameters().keySet().forEach(name -> candidates.add(name + "="));
            }
        }
        return candidates;
    }

    private <T> T service(Class<T> type) {
        ServiceReference<T> reference = context.getServiceReference(type);
        return reference == null ? null : context.getService(reference);
    }

    /** Asked of the machine by a process of it; where each step counts, nobody asks. */
    private void paths(String word, List<Candidate> candidates) {
        if (kernel.config().isDeterministic()) {
            return;
        }
        int slash = word.lastIndexOf('/');
        String directory = word.substring(0, slash + 1);
        CompletableFuture<List<String>> names = new CompletableFuture<>();
        Executable lister = (processor, stackPointer) -> {
            ToolProcess process = ToolProcess.onStack(processor, stackPointer);
            String current = process.readLink("/proc/" + shell + "/cwd");
            String base = directory.startsWith("/") ? "" : current == null ? "/" : current + "/";
            names.complete(process.list(base + (directory.isEmpty() ? "." : directory)));
            process.exit(0);
        };
        sessions.start(lister, List.of("complete"), List.of());
        try {
            for (String name : names.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                boolean isDirectory = name.endsWith("/");
                candidates.add(new Candidate(directory + name, name, null, null, null, null, !isDirectory));
            }
        } catch (ExecutionException | TimeoutException _) {
            // The machine has other things to do.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
