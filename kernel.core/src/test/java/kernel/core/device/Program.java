// SPDX-License-Identifier: Apache-2.0
package kernel.core.device;

import java.util.function.Consumer;
import kernel.core.execution.Lab;
import kernel.core.execution.Task;
import kernel.core.fs.FileDescription;
import kernel.core.fs.FileTable;
import kernel.core.fs.NameSpace;
import kernel.core.fs.UserProcess;
import kernel.uapi.Errno;

/** A process with nothing but a task: what opens and reads devices here. */
final class Program extends Task implements UserProcess {
    private final FileTable files = new FileTable();

    private Program(Lab lab, String name, Consumer<Program> body) {
        super(lab.execution(), lab.execution().newPid(), name, self -> body.accept((Program) self));
    }

    static Program start(Lab lab, String name, Consumer<Program> body) {
        Program program = new Program(lab, name, body);
        lab.execution().register(program);
        lab.started(program);
        lab.execution().start(program);
        return program;
    }

    /** A file that is not open yet. */
    static FileDescription file(String path) {
        return new FileDescription(null, null, path, 0, 0);
    }

    /** Reads as read(2) does: enters the driver, if it is still there. */
    static long read(Program process, FileDescription file) {
        if (!file.device().enter()) {
            return -Errno.ENODEV;
        }
        try {
            return file.operations().read(process, file, null, 0);
        } finally {
            file.device().exit();
        }
    }

    @Override
    public FileTable files() {
        return files;
    }

    @Override
    public NameSpace.State nameSpaceState() {
        return null;
    }

    @Override
    public int uid() {
        return 0;
    }

    @Override
    public int gid() {
        return 0;
    }

    @Override
    public String readUserString(long address, int maxBytes) {
        return null;
    }

    @Override
    public void traceLookup(String step, String name) {
        // Nobody listens.
    }
}
