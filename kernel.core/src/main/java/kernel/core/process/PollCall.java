// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.PollEvents.POLLERR;
import static kernel.uapi.PollEvents.POLLHUP;
import static kernel.uapi.PollEvents.POLLNVAL;

import kernel.api.file.UserBuffer;
import kernel.core.execution.PollSleep;
import kernel.core.fs.FileDescription;
import kernel.core.fs.SystemCallTable;
import kernel.uapi.Limits;
import kernel.uapi.SystemCallNumber;

/** poll (Linux: fs/select.c): an array of struct pollfd, each a descriptor, what is wanted, what is there. */
final class PollCall {
    private static final int ENTRY_BYTES = 8;
    private static final int EVENTS_MASK = 0xffff;
    private static final long NANOS_PER_MILLISECOND = 1_000_000;

    private PollCall() {}

    static void register(SystemCallTable calls) {
        calls.register(
                SystemCallNumber.POLL,
                (p, entries, count, timeout, d, e, f) -> poll((Proc) p, entries, count, (int) timeout));
    }

    /** @return how many entries have something, 0 when the time is over; -EFAULT, -EINVAL for too many, -EINTR */
    private static long poll(Proc process, long address, long count, int timeoutMillis) {
        if (count < 0 || count > Limits.OPEN_MAX) {
            return -EINVAL;
        }
        byte[] entries = new byte[(int) count * ENTRY_BYTES];
        UserBuffer buffer = new UserBuffer(address, entries.length);
        if (process.copyFromUser(entries, 0, buffer, 0, entries.length) != 0) {
            return -EFAULT;
        }
        long result = wait(process, entries, deadline(process, timeoutMillis));
        if (result >= 0 && process.copyToUser(buffer, 0, entries, 0, entries.length) != 0) {
            return -EFAULT;
        }
        return result;
    }

    private static long deadline(Proc process, int timeoutMillis) {
        long restarted = process.restartDeadline();
        if (restarted >= 0) {
            return restarted;
        }
        return timeoutMillis < 0 ? Long.MAX_VALUE : process.execution().now() + timeoutMillis * NANOS_PER_MILLISECOND;
    }

    private static long wait(Proc process, byte[] entries, long deadline) {
        try (PollSleep sleep = new PollSleep(process, "poll_schedule_timeout")) {
            process.mightSleep("poll");
            int ready = look(process, entries, sleep);
            while (ready == 0) {
                int woken = process.execution().now() >= deadline ? 0 : sleep.sleep(deadline);
                if (woken < 0) {
                    process.setRestartDeadline(deadline);
                    return -ProgramProcessor.ERESTART_RESTARTBLOCK;
                }
                ready = look(process, entries, sleep);
                if (woken == 0) {
                    break;
                }
            }
            return ready;
        }
    }

    private static int look(Proc process, byte[] entries, PollSleep sleep) {
        int ready = 0;
        for (int at = 0; at < entries.length; at += ENTRY_BYTES) {
            int fd = LittleEndian.getInt(entries, at);
            int wanted = LittleEndian.getInt(entries, at + Integer.BYTES) & EVENTS_MASK;
            int found = fd < 0 ? 0 : look(process, fd, wanted, sleep);
            LittleEndian.putInt(entries, at + Integer.BYTES, wanted | found << Short.SIZE);
            ready += found == 0 ? 0 : 1;
        }
        return ready;
    }

    private static int look(Proc process, int fd, int wanted, PollSleep sleep) {
        FileDescription file = process.files().get(fd);
        if (file == null) {
            return POLLNVAL;
        }
        return DriverGate.poll(process, file, sleep) & (wanted | POLLERR | POLLHUP | POLLNVAL);
    }
}
