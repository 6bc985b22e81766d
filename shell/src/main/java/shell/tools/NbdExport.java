// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kernel.core.control.HardwareControl;
import kernel.core.control.HardwareControl.DeviceState;
import kernel.core.control.ModuleControl;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import kernel.uapi.Signal;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;

/**
 * Lets programs of the host at a block device: plugs in a host socket, loads its driver, and runs {@code nbd-server} between the two until somebody ends
 * it. What it plugged in it pulls out.
 */
final class NbdExport implements Tool {
    private static final String DEVICE_TYPE = "hostsocket";
    private static final long SETTLE_POLL_NANOS = 1_000_000;
    private static final int SETTLE_POLLS = 5_000;

    private final HardwareControl hardware;
    private final ModuleControl modules;

    NbdExport(HardwareControl hardware, ModuleControl modules) {
        this.hardware = hardware;
        this.modules = modules;
    }

    @Override
    public String name() {
        return "nbd-export";
    }

    @Override
    public String summary() {
        return "serve a block device to programs of the host";
    }

    @Override
    public String usage() {
        return """
                Usage: nbd-export [-r] [-e NAME] [-t TEXT] [-n CONNECTIONS] DEVICE SOCKET
                Serve a block device to programs of the host by the network block device protocol, until interrupted.
                SOCKET is a path of the host, or ADDRESS:PORT for a loopback address.

                  -r, --read-only  refuse writes
                  -e NAME          of the export (default: the empty name)
                  -t TEXT          description, for people
                  -n CONNECTIONS   how many at once, 1 to 32 (default 16)
                """;
    }

    /** What was asked for. */
    private static final class Request {
        private final List<String> serverOptions = new ArrayList<>();
        private final List<String> operands = new ArrayList<>();
        private String name = "";
        private String connections = "16";

        String device() {
            return operands.get(0);
        }

        String socket() {
            return operands.get(1);
        }

        /** A path has a slash, or nothing that could be a port behind a colon. */
        boolean isPath() {
            return socket().indexOf('/') >= 0 || !socket().matches(".*:[0-9]+");
        }

        /** The path as the host's programs find it, wherever they were started. */
        String path() {
            return Path.of(socket()).toAbsolutePath().normalize().toString();
        }
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        Request request = parse(arguments);
        checkDevice(process, request.device());
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("listen", request.isPath() ? "unix:" + request.path() : "tcp:" + request.socket());
        parameters.put("ports", request.connections);
        String socket;
        try {
            socket = hardware.plug(DEVICE_TYPE, parameters);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ToolFailure(1, name() + ": " + e.getMessage());
        }
        try {
            return serve(process, request, socket);
        } finally {
            hardware.unplug(socket);
        }
    }

    /** Before anything is plugged in. */
    private void checkDevice(ToolProcess process, String device) throws ToolFailure {
        int fd = process.open(device, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC, 0);
        if (fd < 0) {
            throw new ToolFailure(1, name() + ": " + device + ": " + Errno.text(-fd));
        }
        process.close(fd);
    }

    private int serve(ToolProcess process, Request request, String socket) throws ToolFailure {
        new Modprobe(modules).run(process, List.of(DEVICE_TYPE));
        settle(process);
        List<String> command = new ArrayList<>(List.of("nbd-server"));
        command.addAll(request.serverOptions);
        command.add(request.device());
        nodes(socket).forEach(node -> command.add("/dev/" + node));
        process.ignore(Signal.SIGINT);
        int server = process.spawn(command);
        if (server < 0) {
            throw new ToolFailure(1, name() + ": fork: " + Errno.text(-server));
        }
        process.handle(Signal.SIGTERM, () -> process.kill(server, Signal.SIGTERM));
        announce(process, request);
        int status = process.waitFor(server);
        int signal = status & 0x7f;
        return signal == Signal.SIGINT || signal == Signal.SIGTERM ? 0 : ToolProcess.exitCode(status);
    }

    private List<String> nodes(String socket) throws ToolFailure {
        List<String> nodes = hardware.devices().stream()
                .filter(device -> device.name().equals(socket))
                .map(DeviceState::nodes)
                .findFirst()
                .orElse(List.of());
        if (nodes.isEmpty()) {
            throw new ToolFailure(1, name() + ": no driver has taken " + socket + "; see dmesg");
        }
        return nodes;
    }

    private void announce(ToolProcess process, Request request) {
        String uri = request.isPath()
                ? "nbd+unix:///" + request.name + "?socket=" + request.path()
                : "nbd://" + request.socket() + "/" + request.name;
        process.out().println(uri);
        process.out().println("Try on the host: nbdinfo '" + uri + "'");
        process.out().flush();
    }

    /** Until the kernel has dealt with what was plugged in. */
    private void settle(ToolProcess process) {
        for (int polls = 0; polls < SETTLE_POLLS && !hardware.isSettled(); polls++) {
            process.sleep(SETTLE_POLL_NANOS);
        }
    }

    private Request parse(List<String> arguments) throws ToolFailure {
        Request request = new Request();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "-r", "--read-only" -> request.serverOptions.add("-r");
                case "-e", "-t" -> {
                    String value = value(arguments, ++i, argument);
                    request.serverOptions.addAll(List.of(argument, value));
                    request.name = argument.equals("-e") ? value : request.name;
                }
                case "-n" -> request.connections = value(arguments, ++i, argument);
                default -> {
                    if (argument.startsWith("-")) {
                        throw ToolFailure.usage(this, "unrecognized option '" + argument + "'");
                    }
                    request.operands.add(argument);
                }
            }
        }
        if (request.operands.size() != 2) {
            throw ToolFailure.usage(this, "DEVICE and SOCKET are needed");
        }
        return request;
    }

    private String value(List<String> arguments, int index, String option) throws ToolFailure {
        if (index >= arguments.size()) {
            throw ToolFailure.usage(this, "option '" + option + "' requires an argument");
        }
        return arguments.get(index);
    }
}
