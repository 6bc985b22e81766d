// SPDX-License-Identifier: Apache-2.0
package shell.session;

import java.util.List;
import kernel.uapi.Executable;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;
import kernel.uapi.UserProcessor;
import shell.process.ToolProcess;

/** What the first process is before it becomes the shell: connects its descriptors to what the host gave us (Linux: getty). */
final class FirstProgram implements Executable {
    private static final String SHELL = "/bin/sh";
    private static final int STATUS_NOT_FOUND = 127;

    private final List<String> files;

    /** @param files for the descriptors 0, 1 and 2; the empty string for one that is connected already */
    FirstProgram(List<String> files) {
        this.files = List.copyOf(files);
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
        process.execute(SHELL);
        process.exit(STATUS_NOT_FOUND);
    }
}
