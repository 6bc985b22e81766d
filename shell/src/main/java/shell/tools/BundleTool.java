// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.nio.file.Path;
import java.util.List;
import kernel.core.control.BundleControl;
import kernel.core.control.BundleControl.BundleDescription;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;
import shell.text.Table;

/** Brings makers of devices and programs of one's own into the machine, and takes them out again (Linux: dpkg; modules come by insmod). */
final class BundleTool implements Tool {
    private final BundleControl bundles;

    BundleTool(BundleControl bundles) {
        this.bundles = bundles;
    }

    @Override
    public String name() {
        return "bundle";
    }

    @Override
    public String summary() {
        return "add bundles with devices or programs";
    }

    @Override
    public String usage() {
        return """
                Usage: bundle list
                       bundle add FILE...
                       bundle remove NAME...
                Add a bundle from its jar, a file of the host, or remove one by its name. A bundle of devices says what hotplug can
                plug in; a bundle of programs puts them below /bin. Modules are loaded by insmod, and by nothing else.
                """;
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        String verb = arguments.isEmpty() ? "list" : arguments.getFirst();
        List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        switch (verb) {
            case "list" -> list(process);
            case "add" -> add(process, rest);
            case "remove", "rm" -> remove(rest);
            default -> throw ToolFailure.usage(this, "'" + verb + "' is none of list, add, remove");
        }
        return 0;
    }

    private void list(ToolProcess process) {
        Table table = new Table().row("BUNDLE", "VERSION", "DEVICES", "PROGRAMS");
        for (BundleDescription bundle : bundles.bundles()) {
            int programs = bundle.programs().size();
            table.row(
                    bundle.name(),
                    bundle.version(),
                    bundle.devices().isEmpty() ? "-" : String.join(",", bundle.devices()),
                    programs == 0
                            ? "-"
                            : programs > 3 ? String.valueOf(programs) : String.join(",", bundle.programs()));
        }
        process.out().print(table.text());
    }

    private void add(ToolProcess process, List<String> files) throws ToolFailure {
        if (files.isEmpty()) {
            throw ToolFailure.usage(this, "add what?");
        }
        for (String file : files) {
            try {
                process.out()
                        .println(bundles.add(Path.of(file).toAbsolutePath().toString())
                                .name());
            } catch (IllegalArgumentException e) {
                throw new ToolFailure(1, "bundle: " + e.getMessage());
            }
        }
    }

    private void remove(List<String> names) throws ToolFailure {
        if (names.isEmpty()) {
            throw ToolFailure.usage(this, "remove what?");
        }
        for (String name : names) {
            try {
                bundles.remove(name);
            } catch (IllegalArgumentException e) {
                throw new ToolFailure(1, "bundle: " + e.getMessage());
            }
        }
    }
}
