// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** mv(1), within a file system. */
final class Mv implements Program {
    static final String USAGE = """
            Usage: mv SOURCE... DESTINATION
            Give a file another name, or move files into a directory.
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        List<String> names = Options.parse(arguments, "f").operands();
        Destination destination = Destination.of(libc, names);
        int status = 0;
        for (String source : names.subList(0, names.size() - 1)) {
            String target = destination.forSource(source);
            try {
                libc.rename(source, target);
            } catch (SystemCallException.NoSuchFile e) {
                libc.warn("cannot stat '" + source + "': " + e.text());
                status = 1;
            } catch (SystemCallException e) {
                libc.warn("cannot move '" + source + "' to '" + target + "': " + e.text());
                status = 1;
            }
        }
        return status;
    }
}
