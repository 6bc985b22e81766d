// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.List;
import kernel.uapi.Errno;
import kernel.uapi.SystemCallNumber;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;

/** reboot(8), poweroff(8) and halt(8), which differ in a number. */
final class Power implements Tool {
    private static final int MAGIC1 = 0xfee1_dead;
    private static final int MAGIC2 = 672_274_793;
    private static final int RESTART = 0x0123_4567;
    private static final int HALT = 0xcdef_0123;
    private static final int POWER_OFF = 0x4321_fedc;

    private final String name;
    private final String summary;
    private final int command;

    private Power(String name, String summary, int command) {
        this.name = name;
        this.summary = summary;
        this.command = command;
    }

    static List<Tool> all() {
        return List.of(
                new Power("reboot", "restart the machine with a fresh kernel", RESTART),
                new Power("poweroff", "switch the machine off", POWER_OFF),
                new Power("halt", "stop the kernel", HALT));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public String usage() {
        return "Usage: " + name + "\nAt once, without asking: " + summary + ".\n";
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        if (!arguments.isEmpty() && !arguments.equals(List.of("-f"))) {
            throw ToolFailure.usage(this, "too many arguments");
        }
        process.call(SystemCallNumber.SYNC, 0, 0, 0, 0);
        long result = process.call(SystemCallNumber.REBOOT, MAGIC1, MAGIC2, command, 0);
        throw new ToolFailure(1, name + ": " + Errno.text((int) -result));
    }
}
