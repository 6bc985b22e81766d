// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;
import userland.libc.WaitStatus;
import userland.nbd.AsynchronousDisk;
import userland.nbd.ConnectionLost;
import userland.nbd.DescriptorConnection;
import userland.nbd.DescriptorDisk;
import userland.nbd.Export;
import userland.nbd.Session;

/** nbd-server: a process for each port, which serves one client after the other. */
final class NbdServer implements Program {
    static final String USAGE = """
            Usage: nbd-server [-r] [-e NAME] [-t TEXT] DEVICE PORT...
            Serve a block device to the network block device clients that connect to the ports.

              -r         read-only
              -e NAME    of the export; clients may also ask for the empty name
              -t TEXT    description, for people
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "re:t:");
        List<String> operands = options.operands();
        if (operands.size() < 2) {
            throw new UsageException(
                    operands.isEmpty() ? "missing operand" : "no port for '" + operands.getFirst() + "'");
        }
        String name = options.has('e') ? options.value('e') : "";
        String description = options.has('t') ? options.value('t') : operands.getFirst();
        Export export = new Export(name, description, options.has('r'));
        String device = operands.getFirst();
        // Once here, so that what is wrong with it is said once, and before anybody has connected.
        new DescriptorDisk(libc, device, export.readOnly()).close();
        for (String port : operands.subList(1, operands.size())) {
            libc.processes().fork(own -> serve(own, export, device, port));
        }
        int status = 0;
        for (int i = 1; i < operands.size(); i++) {
            WaitStatus ended = libc.processes().waitFor(-1);
            status = Math.max(status, ended.exited() ? ended.exitCode() : 1);
        }
        return status;
    }

    /** Serves those who connect to one port, until the port goes. */
    private static int serve(Libc libc, Export export, String device, String port) {
        Session session = new Session(libc, export, AsynchronousDisk.open(libc, device, export.readOnly()));
        for (; ; ) {
            int fd;
            try {
                fd = libc.open(port, OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC);
            } catch (SystemCallException.Interrupted e) {
                continue;
            } catch (SystemCallException e) {
                return hasGone(e) ? 0 : fail(libc, e);
            }
            try {
                session.serve(new DescriptorConnection(libc, fd));
            } catch (ConnectionLost e) {
                libc.warn(port + ": " + e.getMessage());
            }
            libc.raw().close(fd);
        }
    }

    private static boolean hasGone(SystemCallException e) {
        return e.errno() == Errno.ENODEV || e.errno() == Errno.ENXIO || e.errno() == Errno.ENOENT;
    }

    private static int fail(Libc libc, SystemCallException e) {
        libc.warn(e.getMessage());
        return 1;
    }
}
