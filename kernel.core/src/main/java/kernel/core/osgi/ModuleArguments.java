// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import static kernel.uapi.Errno.EINVAL;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kernel.api.module.KernelLog;
import kernel.core.module.ModuleInfo;
import kernel.core.module.ModuleParameterInfo;

/** Reads the parameters given to a module as Linux does (Linux: kernel/params.c). */
final class ModuleArguments {
    private ModuleArguments() {}

    /**
     * Checks the text {@code name=value name="two words"} against what the module declares. A parameter that it does not have is ignored with
     * a line in the log; one that it has must fit.
     *
     * @throws ModuleFormatException EINVAL, with the name and the value
     */
    static Map<String, Object> parse(ModuleInfo info, String text, KernelLog log) throws ModuleFormatException {
        Map<String, Object> values = new TreeMap<>();
        for (String word : words(text)) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            ModuleParameterInfo declared = find(info, name);
            if (declared == null) {
                log.warn(info.name() + ": unknown parameter '" + name + "' ignored");
                continue;
            }
            // As on Linux, a bare name switches a bool on and is wrong for the rest.
            String value = equals < 0 ? declared.type().equals("bool") ? "1" : "" : word.substring(equals + 1);
            try {
                values.put(declared.name(), declared.parse(value));
            } catch (IllegalArgumentException e) {
                throw new ModuleFormatException(EINVAL, info.name() + ": " + e.getMessage());
            }
        }
        return values;
    }

    private static ModuleParameterInfo find(ModuleInfo info, String name) {
        String wanted = name.replace('-', '_');
        return info.parameters().stream()
                .filter(parameter -> parameter.name().replace('-', '_').equals(wanted))
                .findFirst()
                .orElse(null);
    }

    /** Splits at blanks outside of double quotes, which vanish. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
                any = true;
            } else if (Character.isWhitespace(c) && !quoted) {
                if (any || !word.isEmpty()) {
                    words.add(word.toString());
                }
                word.setLength(0);
                any = false;
            } else {
                word.append(c);
            }
        }
        if (any || !word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }
}
