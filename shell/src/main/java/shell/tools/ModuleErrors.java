// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.List;
import java.util.stream.Collectors;
import kernel.uapi.Errno;

/** What the module tools say of an errno of the kernel (Linux: kmod's mod_strerror). */
final class ModuleErrors {
    private ModuleErrors() {}

    static String text(int errno) {
        return switch (errno) {
            case Errno.ENOEXEC -> "Invalid module format";
            case Errno.ENOENT -> "Unknown symbol in module";
            case Errno.EINVAL -> "Invalid parameters";
            default -> Errno.text(errno);
        };
    }

    /** What the kernel knows beyond the errno, on a line of its own. */
    static String reason(String reason) {
        return reason.isEmpty() ? "" : "\n  " + reason;
    }

    /** Parameters as one text, quoted where they contain blanks. */
    static String join(List<String> parameters) {
        return parameters.stream()
                .map(parameter -> parameter.indexOf(' ') >= 0 ? '"' + parameter + '"' : parameter)
                .collect(Collectors.joining(" "));
    }
}
