// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import kernel.uapi.Signal;
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

    /** Somebody who kills servers again and again means it. */
    private static final int RESTARTS_MAX = 100;

    private boolean ending;

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
        Map<Integer, String> servers = new TreeMap<>();
        for (String port : operands.subList(1, operands.size())) {
            servers.put(libc.processes().fork(own -> serve(own, export, device, port)), port);
        }
        libc.processes().handle(Signal.SIGTERM, signal -> end(libc, servers));
        return await(libc, export, device, servers);
    }

    /** Until every port has gone; a server that died of a signal was not meant to, and its port gets another one. */
    private int await(Libc libc, Export export, String device, Map<Integer, String> servers) {
        int status = 0;
        int restarts = 0;
        while (!servers.isEmpty()) {
            WaitStatus ended = libc.processes().waitFor(-1);
            String port = servers.remove(ended.pid());
            if (ending || ended.exited()) {
                status = Math.max(status, ending ? 0 : ended.exitCode());
            } else if (restarts < RESTARTS_MAX) {
                restarts++;
                libc.warn(port + ": killed by signal " + ended.signal() + ", serving it anew");
                servers.put(libc.processes().fork(own -> serve(own, export, device, port)), port);
            } else {
                status = 1;
            }
        }
        return status;
    }

    private void end(Libc libc, Map<Integer, String> servers) {
        ending = true;
        servers.keySet().forEach(server -> libc.raw().kill(server, Signal.SIGTERM));
    }

    /** Serves those who connect to one port, until the port goes. */
    private static int serve(Libc libc, Export export, String device, String port) {
        libc.processes().defaultAction(Signal.SIGTERM);
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
