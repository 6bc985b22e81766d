// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import kernel.uapi.Errno;
import kernel.uapi.PollEvents;
import userland.libc.Arena;
import userland.libc.Libc;

/** A connection by a descriptor: a pipe's both ends in one, such as a port of a host socket. */
public final class DescriptorConnection implements Connection {
    private static final int POLLFD_BYTES = 8;

    private final Libc libc;
    private final int fd;

    public DescriptorConnection(Libc libc, int fd) {
        this.libc = libc;
        this.fd = fd;
    }

    @Override
    public int read(long address, int count) {
        long result;
        do {
            result = libc.raw().read(fd, address, count);
        } while (result == -Errno.EINTR);
        return (int) check(result, "read");
    }

    @Override
    public void write(long address, int count) {
        for (int done = 0; done < count; ) {
            long result = libc.raw().write(fd, address + done, count - done);
            if (result != -Errno.EINTR) {
                done += (int) check(result, "write");
            }
        }
    }

    @Override
    public boolean awaitInput(int otherDescriptor) {
        try (Arena arena = libc.arena()) {
            long entries = arena.allocate(2L * POLLFD_BYTES);
            libc.processor().storeInt(entries, fd);
            libc.processor().storeInt(entries + 4, PollEvents.POLLIN);
            libc.processor().storeInt(entries + POLLFD_BYTES, otherDescriptor);
            libc.processor().storeInt(entries + POLLFD_BYTES + 4, PollEvents.POLLIN);
            long result = libc.raw().poll(entries, 2, -1);
            if (result != -Errno.EINTR) {
                check(result, "poll");
            }
            return libc.processor().loadInt(entries + 4) >>> 16 != 0;
        }
    }

    private static long check(long result, String call) {
        if (Errno.isError(result)) {
            throw new ConnectionLost(call + ": " + Errno.text((int) -result));
        }
        return result;
    }
}
