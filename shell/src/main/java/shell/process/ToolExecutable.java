// SPDX-License-Identifier: Apache-2.0
package shell.process;

import java.util.List;
import kernel.uapi.Executable;
import kernel.uapi.UserProcessor;

/** The program of a tool. */
public final class ToolExecutable implements Executable {
    private static final int INTERNAL_ERROR = 70;

    private final Tool tool;

    public ToolExecutable(Tool tool) {
        this.tool = tool;
    }

    /** Where its file is. */
    public String path() {
        return "/sbin/" + tool.name();
    }

    /** Errors pass through: that is how the kernel takes a process off its stack. */
    @Override
    public void start(UserProcessor processor, long stackPointer) {
        ToolProcess process = ToolProcess.onStack(processor, stackPointer);
        int status;
        try {
            status = run(process);
        } catch (ToolFailure e) {
            process.out().flush();
            process.err().println(e.getMessage());
            status = e.status();
        } catch (RuntimeException e) {
            process.out().flush();
            process.err().println(tool.name() + ": " + e);
            status = INTERNAL_ERROR;
        }
        process.out().flush();
        process.exit(status);
    }

    private int run(ToolProcess process) throws ToolFailure {
        List<String> arguments = process.arguments();
        if (!arguments.isEmpty() && arguments.getFirst().equals("--help")) {
            process.out().print(tool.usage());
            return 0;
        }
        return tool.run(process, arguments);
    }
}
