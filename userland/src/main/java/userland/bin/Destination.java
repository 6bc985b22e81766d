// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;
import userland.libc.Libc;
import userland.libc.SearchPath;
import userland.libc.SystemCallException;

/** The last operand of cp and mv: a name, or a directory into which everything goes. */
record Destination(String path, boolean isDirectory) {
    static Destination of(Libc libc, List<String> operands) {
        if (operands.isEmpty()) {
            throw new UsageException("missing file operand");
        }
        if (operands.size() == 1) {
            throw new UsageException("missing destination file operand after '" + operands.getFirst() + "'");
        }
        String path = operands.getLast();
        boolean directory;
        try {
            directory = libc.stat(path).isDirectory();
        } catch (SystemCallException _) {
            directory = false;
        }
        if (operands.size() > 2 && !directory) {
            throw new UsageException("target '" + path + "': No such directory");
        }
        return new Destination(path, directory);
    }

    String forSource(String source) {
        return isDirectory ? SearchPath.join(path, Names.base(source)) : path;
    }
}
