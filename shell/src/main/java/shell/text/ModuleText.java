// SPDX-License-Identifier: Apache-2.0
package shell.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import kernel.core.control.ModuleControl.ModuleDescription;
import kernel.core.control.ModuleControl.Parameter;

/** What lsmod and modinfo print (Linux: kmod). */
public final class ModuleText {
    private static final String LSMOD_HEADER = "Module                  Size  Used by\n";
    private static final int FIELDS_MIN = 4;

    private ModuleText() {}

    /** lsmod, from the text of /proc/modules. */
    public static String lsmod(String procModules) {
        StringBuilder text = new StringBuilder(LSMOD_HEADER);
        procModules.lines().forEach(line -> {
            String[] fields = line.split(" ");
            if (fields.length >= FIELDS_MIN) {
                text.append(String.format(
                        Locale.ROOT,
                        "%-19s %8d  %d",
                        fields[0],
                        Long.parseLong(fields[1]),
                        Integer.parseInt(fields[2])));
                if (!fields[3].equals("-")) {
                    text.append(' ').append(fields[3].replaceFirst(",$", ""));
                }
                text.append('\n');
            }
        });
        return text.toString();
    }

    /**
     * modinfo.
     *
     * @param magic the kernel's release and what a module must have been built for
     */
    public static String modinfo(ModuleDescription module, String magic) {
        StringBuilder text = new StringBuilder();
        fields(module, magic)
                .forEach((name, values) -> values.forEach(
                        value -> text.append(String.format(Locale.ROOT, "%-16s%s\n", name + ":", value))));
        return text.toString();
    }

    /** The values of one field of modinfo, a line each. */
    public static String modinfo(ModuleDescription module, String magic, String field) {
        StringBuilder text = new StringBuilder();
        fields(module, magic)
                .getOrDefault(field, List.of())
                .forEach(value -> text.append(value).append('\n'));
        return text.toString();
    }

    private static Map<String, List<String>> fields(ModuleDescription module, String magic) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        fields.put("filename", List.of(module.fileName()));
        if (!module.version().isEmpty()) {
            fields.put("version", List.of(module.version()));
        }
        fields.put("license", List.of(module.license()));
        fields.put("description", List.of(module.description()));
        if (!module.vendor().isEmpty()) {
            fields.put("author", List.of(module.vendor()));
        }
        fields.put("alias", module.aliases());
        fields.put("depends", List.of(String.join(",", module.depends())));
        fields.put("name", List.of(module.name()));
        fields.put("vermagic", List.of(magic));
        List<String> parameters = new ArrayList<>();
        for (Parameter parameter : module.parameters()) {
            parameters.add(parameter.name() + ":" + parameter.description() + " (" + parameter.type() + ")");
        }
        fields.put("parm", parameters);
        return fields;
    }
}
