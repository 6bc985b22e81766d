// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kernel.core.control.HardwareControl;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;

/** The hand at the machine: plugs devices in and pulls them out. */
final class Hotplug implements Tool {
    private static final long SETTLE_POLL_NANOS = 1_000_000;
    private static final int SETTLE_POLLS = 5_000;

    private final HardwareControl hardware;

    Hotplug(HardwareControl hardware) {
        this.hardware = hardware;
    }

    @Override
    public String name() {
        return "hotplug";
    }

    @Override
    public String summary() {
        return "plug devices in and pull them out";
    }

    @Override
    public String usage() {
        return """
                Usage: hotplug list
                       hotplug add TYPE [PARAMETER=VALUE]...
                       hotplug remove DEVICE...
                Plug a device in or pull it out while the machine runs. Nobody asks the kernel: it finds out, as with real
                hardware. 'hotplug list' shows what there is to plug in; lsdev shows what is there.
                """;
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        String verb = arguments.isEmpty() ? "list" : arguments.getFirst();
        List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        switch (verb) {
            case "list" -> list(process);
            case "add" -> add(process, rest);
            case "remove", "rm" -> remove(process, rest);
            default -> throw ToolFailure.usage(this, "'" + verb + "' is none of list, add, remove");
        }
        return 0;
    }

    private void list(ToolProcess process) {
        hardware.types().forEach((type, parameters) -> {
            process.out().println(type);
            parameters.forEach((name, meaning) -> process.out().println("    " + name + ": " + meaning));
        });
    }

    private void add(ToolProcess process, List<String> words) throws ToolFailure {
        if (words.isEmpty()) {
            throw ToolFailure.usage(
                    this,
                    "add what? There are: " + String.join(", ", hardware.types().keySet()));
        }
        Map<String, String> parameters = new TreeMap<>();
        for (String word : words.subList(1, words.size())) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw ToolFailure.usage(this, "'" + word + "' is not PARAMETER=VALUE");
            }
            parameters.put(word.substring(0, equals), word.substring(equals + 1));
        }
        try {
            process.out().println(hardware.plug(words.getFirst(), parameters));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ToolFailure(1, "hotplug: " + e.getMessage());
        }
        settle(process);
    }

    private void remove(ToolProcess process, List<String> names) throws ToolFailure {
        if (names.isEmpty()) {
            throw ToolFailure.usage(this, "remove what?");
        }
        for (String name : names) {
            if (!hardware.unplug(name)) {
                throw new ToolFailure(1, "hotplug: there is no device '" + name + "' on the bus");
            }
        }
        settle(process);
    }

    /** Until the kernel has dealt with it (udevadm settle), so that the next command finds the nodes as they are. */
    private void settle(ToolProcess process) {
        for (int polls = 0; polls < SETTLE_POLLS && !hardware.isSettled(); polls++) {
            if (!process.sleep(SETTLE_POLL_NANOS)) {
                return;
            }
        }
    }
}
