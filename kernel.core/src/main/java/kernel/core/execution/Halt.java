// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

/** Unwinds a thread of a kernel that has halted or whose task has been told to die; not to be caught by drivers or programs. */
public final class Halt extends Error {
    private static final long serialVersionUID = 1L;

    public Halt(String why) {
        super(why, null, false, false);
    }
}
