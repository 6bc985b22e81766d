// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.List;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** mkfs(8): becomes the program that makes file systems of that type. */
final class Mkfs implements Program {
    static final String USAGE = """
            Usage: mkfs [-t TYPE] [OPTION]... DEVICE [SIZE]
            Make a file system.

              -t TYPE   which kind, ext2 when nothing is said; the other options are those of mkfs.TYPE
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        List<String> rest = new ArrayList<>(List.of(arguments));
        String type = "ext2";
        if (!rest.isEmpty() && rest.getFirst().startsWith("-t")) {
            String first = rest.removeFirst();
            if (first.equals("-t") && rest.isEmpty()) {
                throw new UsageException("option requires an argument -- 't'");
            }
            type = first.equals("-t") ? rest.removeFirst() : first.substring(2);
        }
        rest.addFirst("mkfs." + type);
        try {
            libc.processes().execvp("mkfs." + type, rest, libc.environment());
        } catch (SystemCallException e) {
            libc.warn("failed to execute mkfs." + type + ": " + e.text());
        }
        return 1;
    }
}
