// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import kernel.core.fs.UserProcess;

/** The link {@code self} of /proc, which leads each process to its own directory (Linux: fs/proc/self.c). */
final class ProcSelf extends SymbolicLink {
    ProcSelf(FileSystem fileSystem, Birth birth) {
        super(fileSystem, ProcFileSystem.number("self"), birth, "");
        addLink();
    }

    @Override
    String target(UserProcess process) {
        return Integer.toString(process.pid());
    }
}
