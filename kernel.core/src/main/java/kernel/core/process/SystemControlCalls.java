// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EPERM;

import java.nio.charset.StandardCharsets;
import java.util.List;
import kernel.api.file.UserBuffer;
import kernel.core.execution.Halt;
import kernel.core.failure.Release;
import kernel.core.fs.SystemCallTable;
import kernel.core.log.LogLevel;
import kernel.uapi.SystemCallNumber;

/** uname and reboot (Linux: kernel/sys.c, kernel/reboot.c). */
final class SystemControlCalls {
    private static final int NAME_BYTES = 65;
    private static final String HOST_NAME = "ubend";
    private static final String DOMAIN = "(none)";

    private static final int MAGIC1 = 0xfee1_dead;
    private static final List<Integer> MAGIC2 = List.of(672274793, 85072278, 369367448, 537993216);
    private static final int RESTART = 0x0123_4567;
    private static final int HALT = 0xcdef_0123;
    private static final int POWER_OFF = 0x4321_fedc;
    private static final int CTRL_ALT_DEL_ON = 0x89ab_cdef;
    private static final int CTRL_ALT_DEL_OFF = 0;

    private final ProcessEnvironment kernel;

    SystemControlCalls(ProcessEnvironment kernel) {
        this.kernel = kernel;
    }

    void register(SystemCallTable calls) {
        calls.register(SystemCallNumber.UNAME, (p, to, b, c, d, e, f) -> name((Proc) p, to));
        calls.register(
                SystemCallNumber.REBOOT,
                (p, magic1, magic2, command, d, e, f) -> reboot((Proc) p, (int) magic1, (int) magic2, (int) command));
    }

    private static long name(Proc process, long to) {
        List<String> names =
                List.of(Release.SYSTEM, HOST_NAME, Release.RELEASE, Release.VERSION, Release.ARCHITECTURE, DOMAIN);
        byte[] fields = new byte[names.size() * NAME_BYTES];
        for (int i = 0; i < names.size(); i++) {
            byte[] name = names.get(i).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(name, 0, fields, i * NAME_BYTES, Math.min(name.length, NAME_BYTES - 1));
        }
        return process.copyToUser(new UserBuffer(to, fields.length), 0, fields, 0, fields.length) == 0 ? 0 : -EFAULT;
    }

    /** Ends the kernel; -EPERM for all but root, -EINVAL for what is no command. */
    private long reboot(Proc process, int magic1, int magic2, int command) {
        if (process.uid() != 0) {
            return -EPERM;
        }
        if (magic1 != MAGIC1 || !MAGIC2.contains(magic2)) {
            return -EINVAL;
        }
        return switch (command) {
            case RESTART -> stop(process, "reboot: Restarting system");
            case HALT -> stop(process, "reboot: System halted");
            case POWER_OFF -> stop(process, "reboot: Power down");
            case CTRL_ALT_DEL_ON, CTRL_ALT_DEL_OFF -> 0;
            default -> -EINVAL;
        };
    }

    private long stop(Proc process, String message) {
        kernel.prepareForPowerOff(process);
        kernel.log().print(LogLevel.EMERG, message);
        kernel.halt(message);
        throw new Halt(message);
    }
}
