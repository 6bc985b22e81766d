// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.List;
import kernel.uapi.OpenFlags;
import kernel.uapi.Signal;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** tee(1). */
final class Tee implements Program {
    static final String USAGE = """
            Usage: tee [-ai] [FILE]...
            Copy the standard input to the standard output and to files.

              -a   append to the files
              -i   ignore interrupts
            """;

    private static final int MODE = 0666;

    /** Somewhere to write to. */
    private record Target(String name, int fd) {}

    private int status;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "ai");
        if (options.has('i')) {
            libc.processes().ignore(Signal.SIGINT);
        }
        int mode = options.has('a') ? OpenFlags.O_APPEND : OpenFlags.O_TRUNC;
        List<Target> targets = new ArrayList<>();
        targets.add(new Target("standard output", Libc.STDOUT));
        for (String name : options.operands()) {
            try {
                targets.add(new Target(name, libc.open(name, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | mode, MODE)));
            } catch (SystemCallException e) {
                complain(libc, name, e);
            }
        }
        long buffer = libc.ioBuffer();
        for (int n = libc.read(Libc.STDIN, buffer, Libc.IO_BUFFER_BYTES);
                n > 0 && !targets.isEmpty();
                n = libc.read(Libc.STDIN, buffer, Libc.IO_BUFFER_BYTES)) {
            int count = n;
            targets.removeIf(target -> !write(libc, target, buffer, count));
        }
        return status;
    }

    private boolean write(Libc libc, Target target, long buffer, int count) {
        try {
            int done = 0;
            while (done < count) {
                done += libc.write(target.fd, buffer + done, count - done);
            }
            return true;
        } catch (SystemCallException e) {
            complain(libc, target.name, e);
            return false;
        }
    }

    private void complain(Libc libc, String name, SystemCallException e) {
        libc.warn(name + ": " + e.text());
        status = 1;
    }
}
