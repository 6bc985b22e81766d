// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** ln(1). */
final class Ln implements Program {
    static final String USAGE = """
            Usage: ln [-sf] TARGET... LINK
            Give a file another name, or files other names in a directory.

              -s   symbolic links
              -f   remove what has that name
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "sf");
        List<String> names = options.operands();
        Destination destination = Destination.of(libc, names);
        int status = 0;
        for (String target : names.subList(0, names.size() - 1)) {
            String link = destination.forSource(target);
            try {
                if (options.has('f')) {
                    libc.raw().unlink(link);
                }
                if (options.has('s')) {
                    libc.symlink(target, link);
                } else {
                    libc.link(target, link);
                }
            } catch (SystemCallException e) {
                String kind = options.has('s') ? "symbolic" : "hard";
                libc.warn("failed to create " + kind + " link '" + link + "': " + e.text());
                status = 1;
            }
        }
        return status;
    }
}
