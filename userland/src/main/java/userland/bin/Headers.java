// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;
import userland.libc.Libc;

/** The lines {@code ==> name <==} that head and tail print when there is more than one file. */
final class Headers {
    private final Libc libc;
    private final boolean wanted;
    private boolean first = true;

    Headers(Libc libc, Options options, List<String> names) {
        this.libc = libc;
        this.wanted = options.has('v') || (names.size() > 1 && !options.has('q'));
    }

    void print(String name) {
        if (wanted) {
            libc.stdout().println((first ? "" : "\n") + "==> " + Counts.displayName(name) + " <==");
            first = false;
        }
    }
}
