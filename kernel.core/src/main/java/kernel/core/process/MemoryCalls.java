// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENODEV;

import hardware.machine.memory.PageTable;
import kernel.core.fs.SystemCallTable;
import kernel.uapi.Limits;
import kernel.uapi.SystemCallNumber;

/** brk, mmap and their kin, for memory without a file behind it (Linux: mm/mmap.c). */
final class MemoryCalls {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_SHARED = 0x01;
    private static final int MAP_PRIVATE = 0x02;
    private static final int MAP_TYPE = 0x0f;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;

    private MemoryCalls() {}

    static void register(SystemCallTable calls) {
        calls.register(
                SystemCallNumber.BRK,
                (p, end, b, c, d, e, f) -> ((Proc) p).memory().moveHeapEnd(end));
        calls.register(
                SystemCallNumber.MMAP,
                (p, hint, length, protection, flags, fd, offset) ->
                        map((Proc) p, hint, length, (int) protection, (int) flags, (int) fd, offset));
        calls.register(
                SystemCallNumber.MUNMAP,
                (p, address, length, c, d, e, f) -> ((Proc) p).memory().unmap(address, length));
        calls.register(
                SystemCallNumber.MPROTECT,
                (p, address, length, protection, d, e, f) ->
                        ((Proc) p).memory().protect(address, length, permissions((int) protection)));
    }

    /** @return the address; -EINVAL, -ENOMEM, -EBADF, -ENODEV for a mapping of a file */
    private static long map(Proc process, long hint, long length, int protection, int flags, int fd, long offset) {
        if ((flags & MAP_ANONYMOUS) == 0) {
            return process.files().get(fd) == null ? -EBADF : -ENODEV;
        }
        int type = flags & MAP_TYPE;
        if (length == 0 || offset % Limits.PAGE_SIZE != 0 || (type != MAP_SHARED && type != MAP_PRIVATE)) {
            return -EINVAL;
        }
        return process.memory()
                .mapAnonymous(hint, length, permissions(protection), type == MAP_SHARED, (flags & MAP_FIXED) != 0);
    }

    /** On x86-64 what can be written can be read. */
    private static int permissions(int protection) {
        int read = (protection & (PROT_READ | PROT_WRITE)) != 0 ? PageTable.READ : 0;
        int write = (protection & PROT_WRITE) != 0 ? PageTable.WRITE : 0;
        int execute = (protection & PROT_EXEC) != 0 ? PageTable.EXECUTE : 0;
        return read | write | execute;
    }
}
