// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import kernel.core.control.HardwareControl;
import kernel.core.control.HardwareControl.DeviceState;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;
import shell.text.Table;

/** The devices on the bus, as lspci(8) shows them elsewhere. */
final class Lsdev implements Tool {
    private final HardwareControl hardware;

    Lsdev(HardwareControl hardware) {
        this.hardware = hardware;
    }

    @Override
    public String name() {
        return "lsdev";
    }

    @Override
    public String summary() {
        return "list the devices on the bus and their drivers";
    }

    @Override
    public String usage() {
        return """
                Usage: lsdev
                List the devices on the bus: where their registers are, their interrupt lines, the driver that has them, its nodes.
                """;
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        if (!arguments.isEmpty()) {
            throw ToolFailure.usage(this, "too many arguments");
        }
        Table table = new Table().row("DEVICE", "COMPATIBLE", "REGISTERS", "IRQ", "DRIVER", "NODE");
        for (DeviceState device : hardware.devices()) {
            table.row(
                    device.name(),
                    device.compatible(),
                    String.format(
                            Locale.ROOT,
                            "%x-%x",
                            device.windowAddress(),
                            device.windowAddress() + device.windowBytes() - 1),
                    orDash(device.interrupts().stream().map(String::valueOf).collect(Collectors.joining(","))),
                    orDash(device.driver()),
                    orDash(device.nodes().stream().map(node -> "/dev/" + node).collect(Collectors.joining(","))));
        }
        process.out().print(table.text());
        return 0;
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
