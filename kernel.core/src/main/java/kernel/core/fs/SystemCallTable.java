// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import kernel.uapi.SystemCallNumber;

/** The system-call table, filled while the kernel boots (Linux: arch/x86/entry/syscalls). */
public final class SystemCallTable {
    private final SystemCall[] calls = new SystemCall[SystemCallNumber.TABLE_SIZE];

    /**
     * Enters a call under its Linux number.
     *
     * @throws IllegalStateException when the number is taken
     */
    public void register(int number, SystemCall call) {
        if (calls[number] != null) {
            throw new IllegalStateException("system call " + number + " is registered already");
        }
        calls[number] = call;
    }

    /** The call with that number, or null (ENOSYS). */
    public SystemCall get(int number) {
        return number >= 0 && number < calls.length ? calls[number] : null;
    }
}
