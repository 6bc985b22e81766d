// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import kernel.uapi.Errno;
import userland.libc.DirectoryEntry;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SearchPath;
import userland.libc.SystemCallException;

/** rm(1). */
final class Rm implements Program {
    static final String USAGE = """
            Usage: rm [-frv] FILE...
            Remove files.

              -f   do not complain about what is not there
              -r   directories too, with everything in them
              -v   say what was removed
            """;

    private Libc libc;
    private Options options;
    private boolean failed;

    @Override
    public int main(Libc own, String[] arguments) {
        libc = own;
        options = Options.parse(arguments, "frRv");
        if (options.operands().isEmpty() && !options.has('f')) {
            throw new UsageException("missing operand");
        }
        for (String path : options.operands()) {
            String name = Names.base(path);
            if (name.equals(".") || name.equals("..")) {
                complain("refusing to remove '.' or '..' directory: skipping '" + path + "'");
            } else if (name.equals("/")) {
                complain("it is dangerous to operate recursively on '/'");
            } else {
                remove(path);
            }
        }
        return failed ? 1 : 0;
    }

    private void remove(String path) {
        try {
            if (!libc.lstat(path).isDirectory()) {
                libc.unlink(path);
                say("removed '" + path + "'");
            } else if (options.has('r') || options.has('R')) {
                for (DirectoryEntry entry : libc.listDirectory(path)) {
                    if (!entry.isDotOrDotDot()) {
                        remove(SearchPath.join(path, entry.name()));
                    }
                }
                libc.rmdir(path);
                say("removed directory '" + path + "'");
            } else {
                complain("cannot remove '" + path + "': Is a directory");
            }
        } catch (SystemCallException.WriteFailed e) {
            throw e;
        } catch (SystemCallException e) {
            if (!options.has('f') || e.errno() != Errno.ENOENT) {
                complain("cannot remove '" + path + "': " + e.text());
            }
        }
    }

    private void say(String what) {
        if (options.has('v')) {
            libc.stdout().println(what);
        }
    }

    private void complain(String message) {
        failed = true;
        libc.warn(message);
    }
}
