// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import kernel.api.context.ProcessContext;

/** The process on whose behalf a system call runs. */
public interface UserProcess extends ProcessContext {
    int pid();

    /** Its descriptors. */
    FileTable files();

    /** What the name space keeps for it (current directory, umask); null until the name space has set it. */
    NameSpace.State nameSpaceState();

    int uid();

    int gid();

    /**
     * Reads a zero-terminated string of user memory as UTF-8 (Linux: strncpy_from_user). May sleep.
     *
     * @return null when the address is bad (EFAULT); a string of {@code maxBytes} bytes when no terminator came before
     */
    String readUserString(long address, int maxBytes);

    /** Notes a step of the walk from descriptor to driver in the trace; costs nothing when tracing is off. */
    void traceLookup(String step, String name);
}
