// SPDX-License-Identifier: Apache-2.0
package kernel.core.console;

import kernel.core.device.CharacterDevices;
import kernel.core.execution.Execution;
import kernel.core.execution.Gone;
import kernel.core.fs.SystemCallTable;
import kernel.core.log.Log;
import kernel.core.process.ProcessTable;
import kernel.uapi.SystemCallNumber;

/** Enters the devices that every kernel has, with Linux's numbers, and the system calls that belong to them. */
public final class BuiltInDevices {
    private static final int MEMORY = 1;
    private static final int TERMINAL = 5;
    private static final String MEMORY_DRIVER = "mem";
    private static final String TERMINAL_DRIVER = "/dev/tty";
    private static final int EVERYBODY = 0666;

    private BuiltInDevices() {}

    /**
     * Enters them all.
     *
     * @param seed of the random devices
     */
    public static void enter(
            Execution execution,
            CharacterDevices devices,
            SystemCallTable calls,
            ProcessTable processes,
            Console console,
            Log log,
            long seed) {
        KernelMessages messages = new KernelMessages(log, execution.newWaitQueue("devkmsg_read", Gone.NEVER));
        RandomFile random = new RandomFile(new RandomPool(seed));
        devices.registerBuiltIn(MEMORY, 3, MEMORY_DRIVER, "null", EVERYBODY, MemoryFile.nothing());
        devices.registerBuiltIn(MEMORY, 5, MEMORY_DRIVER, "zero", EVERYBODY, MemoryFile.zeroes());
        devices.registerBuiltIn(MEMORY, 7, MEMORY_DRIVER, "full", EVERYBODY, MemoryFile.full());
        devices.registerBuiltIn(MEMORY, 8, MEMORY_DRIVER, "random", EVERYBODY, random);
        devices.registerBuiltIn(MEMORY, 9, MEMORY_DRIVER, "urandom", EVERYBODY, random);
        devices.registerBuiltIn(MEMORY, 11, MEMORY_DRIVER, "kmsg", 0644, messages);
        devices.registerBuiltIn(
                TERMINAL, 0, TERMINAL_DRIVER, "tty", EVERYBODY, new ConsoleFile(console, processes, true));
        devices.registerBuiltIn(
                TERMINAL, 1, TERMINAL_DRIVER, "console", 0600, new ConsoleFile(console, processes, false));
        calls.register(
                SystemCallNumber.GETRANDOM,
                (p, buffer, count, flags, d, e, f) -> random.random(p, buffer, count, (int) flags));
        calls.register(
                SystemCallNumber.SYSLOG,
                (p, kind, buffer, length, d, e, f) -> messages.syslog(p, (int) kind, buffer, length));
    }
}
