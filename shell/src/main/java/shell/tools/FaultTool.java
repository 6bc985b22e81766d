// SPDX-License-Identifier: Apache-2.0
package shell.tools;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kernel.core.control.FaultControl;
import kernel.core.control.HardwareControl;
import shell.process.Tool;
import shell.process.ToolFailure;
import shell.process.ToolProcess;

/** The hand that breaks devices, to see what the system makes of it. */
final class FaultTool implements Tool {
    private static final String LIST = "list";
    private static final String CLEAR = "clear";

    private final HardwareControl hardware;

    FaultTool(HardwareControl hardware) {
        this.hardware = hardware;
    }

    @Override
    public String name() {
        return "fault";
    }

    @Override
    public String summary() {
        return "break a device, and end that again";
    }

    @Override
    public String usage() {
        return """
                Usage: fault list [DEVICE]
                       fault DEVICE KIND [PARAMETER=VALUE]...
                       fault DEVICE clear
                Make something go wrong with a device. 'fault list' shows the faults at work, 'fault list DEVICE' what can go wrong with one;
                'clear' ends all faults of a device.
                    fault ssd0 read-error first=2048 count=8 times=3
                    fault ssd0 power-cut after=100
                """;
    }

    @Override
    public int run(ToolProcess process, List<String> arguments) throws ToolFailure {
        if (arguments.isEmpty() || (arguments.getFirst().equals(LIST) && arguments.size() == 1)) {
            listAtWork(process);
        } else if (arguments.getFirst().equals(LIST) && arguments.size() == 2) {
            describe(process, control(arguments.get(1)));
        } else if (arguments.size() < 2 || arguments.getFirst().equals(LIST)) {
            throw ToolFailure.usage(this, "which device, and what shall go wrong with it?");
        } else if (arguments.get(1).equals(CLEAR) && arguments.size() == 2) {
            control(arguments.getFirst()).clear();
        } else {
            inject(control(arguments.getFirst()), arguments.get(1), arguments.subList(2, arguments.size()));
        }
        return 0;
    }

    private FaultControl control(String device) throws ToolFailure {
        try {
            return hardware.faults(device);
        } catch (IllegalArgumentException e) {
            throw new ToolFailure(1, "fault: " + e.getMessage());
        }
    }

    private void listAtWork(ToolProcess process) {
        for (String device : hardware.breakableDevices()) {
            for (String line : hardware.faults(device).atWork()) {
                process.out().println(device + ": " + line);
            }
        }
    }

    private static void describe(ToolProcess process, FaultControl device) {
        process.out().println("kinds:");
        device.kinds().forEach((name, meaning) -> process.out().println("    " + name + ": " + meaning));
        process.out().println("parameters:");
        device.parameters().forEach((name, meaning) -> process.out().println("    " + name + ": " + meaning));
    }

    private void inject(FaultControl device, String kind, List<String> words) throws ToolFailure {
        Map<String, String> parameters = new TreeMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw ToolFailure.usage(this, "'" + word + "' is not PARAMETER=VALUE");
            }
            parameters.put(word.substring(0, equals), word.substring(equals + 1));
        }
        try {
            device.inject(kind, parameters);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ToolFailure(1, "fault: " + e.getMessage());
        }
    }
}
