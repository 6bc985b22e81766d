// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import kernel.uapi.Errno;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** mkdir(1). */
final class Mkdir implements Program {
    static final String USAGE = """
            Usage: mkdir [-pv] [-m MODE] DIRECTORY...
            Make directories.

              -p        make parents too, and do not complain about what is there
              -m MODE   with these permissions, in octal
              -v        say what was made
            """;

    private static final int DEFAULT_MODE = 0777;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "pvm:");
        if (options.operands().isEmpty()) {
            throw new UsageException("missing operand");
        }
        int mode = options.has('m') ? mode(options.value('m')) : DEFAULT_MODE;
        int status = 0;
        for (String path : options.operands()) {
            try {
                if (options.has('p')) {
                    makeParents(libc, path, options.has('v'));
                }
                make(libc, path, mode, options.has('p'), options.has('v'));
            } catch (SystemCallException.WriteFailed e) {
                throw e;
            } catch (SystemCallException e) {
                libc.warn("cannot create directory '" + e.path() + "': " + e.text());
                status = 1;
            }
        }
        return status;
    }

    private static void makeParents(Libc libc, String path, boolean verbose) {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            make(libc, path.substring(0, slash), DEFAULT_MODE, true, verbose);
        }
    }

    private static void make(Libc libc, String path, int mode, boolean mayExist, boolean verbose) {
        try {
            libc.mkdir(path, mode);
        } catch (SystemCallException e) {
            if (mayExist && e.errno() == Errno.EEXIST && libc.stat(path).isDirectory()) {
                return;
            }
            throw e;
        }
        if (verbose) {
            libc.stdout().println("mkdir: created directory '" + path + "'");
        }
    }

    private static int mode(String text) {
        if (!text.matches("[0-7]{1,4}")) {
            throw new UsageException("invalid mode '" + text + "'");
        }
        return Integer.parseInt(text, 8);
    }
}
