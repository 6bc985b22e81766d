// SPDX-License-Identifier: Apache-2.0
package shell.process;

import java.util.List;
import kernel.uapi.Errno;
import kernel.uapi.Executable;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;
import kernel.uapi.UserProcessor;

/** Connects the descriptors of a new process and then becomes another program, with the same arguments and environment (Linux: getty). */
public final class Connector implements Executable {
    private static final int STATUS_NOT_FOUND = 127;

    private final List<String> files;
    private final String program;

    /**
     * Says what becomes of the process.
     *
     * @param files for the descriptors 0, 1 and 2; the empty string for one that is connected already
     * @param program path of the program
     */
    public Connector(List<String> files, String program) {
        this.files = List.copyOf(files);
        this.program = program;
    }

    @Override
    public void start(UserProcessor processor, long stackPointer) {
        ToolProcess process = ToolProcess.onStack(processor, stackPointer);
        for (int fd = 0; fd < files.size(); fd++) {
            if (!files.get(fd).isEmpty()) {
                process.close(fd);
                int opened = process.open(files.get(fd), OpenFlags.O_RDWR, 0);
                if (opened != fd) {
                    process.call(SystemCallNumber.DUP2, opened, fd, 0, 0);
                    process.close(opened);
                }
            }
        }
        long error = process.execute(program);
        process.err().println("ubend: cannot run " + program + ": " + Errno.text((int) -error));
        process.exit(STATUS_NOT_FOUND);
    }
}
