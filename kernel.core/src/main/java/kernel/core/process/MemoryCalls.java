// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOMEM;
import static kernel.uapi.Errno.EOPNOTSUPP;
import static kernel.uapi.Errno.EOVERFLOW;
import static kernel.uapi.MapFlags.MADV_DONTNEED;
import static kernel.uapi.MapFlags.MADV_FREE;
import static kernel.uapi.MapFlags.MADV_NORMAL;
import static kernel.uapi.MapFlags.MADV_WILLNEED;
import static kernel.uapi.MapFlags.MAP_ANONYMOUS;
import static kernel.uapi.MapFlags.MAP_FIXED;
import static kernel.uapi.MapFlags.MAP_FIXED_NOREPLACE;
import static kernel.uapi.MapFlags.MAP_POPULATE;
import static kernel.uapi.MapFlags.MAP_PRIVATE;
import static kernel.uapi.MapFlags.MAP_SHARED;
import static kernel.uapi.MapFlags.MAP_SHARED_VALIDATE;
import static kernel.uapi.MapFlags.MAP_TYPE;
import static kernel.uapi.MapFlags.MS_ASYNC;
import static kernel.uapi.MapFlags.MS_INVALIDATE;
import static kernel.uapi.MapFlags.MS_SYNC;
import static kernel.uapi.MapFlags.PROT_EXEC;
import static kernel.uapi.MapFlags.PROT_READ;
import static kernel.uapi.MapFlags.PROT_WRITE;

import hardware.machine.memory.PageTable;
import kernel.core.fs.FileDescription;
import kernel.core.fs.SystemCallTable;
import kernel.core.memory.AddressSpace;
import kernel.core.memory.AddressSpace.Place;
import kernel.uapi.Limits;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;

/** brk, mmap and their kin (Linux: mm/mmap.c, mm/msync.c, mm/madvise.c). */
final class MemoryCalls {
    /** What MAP_SHARED_VALIDATE knows, with the flags that do nothing any more. */
    private static final int MAP_KNOWN = MAP_TYPE
            | MAP_FIXED
            | MAP_ANONYMOUS
            | MAP_POPULATE
            | MAP_FIXED_NOREPLACE
            | 0x100
            | 0x800
            | 0x1000
            | 0x2000
            | 0x4000
            | 0x1_0000
            | 0x2_0000;

    private MemoryCalls() {}

    static void register(SystemCallTable calls) {
        calls.register(
                SystemCallNumber.BRK,
                (p, end, b, c, d, e, f) -> ((Proc) p).memory().moveHeapEnd(p, end));
        calls.register(
                SystemCallNumber.MMAP,
                (p, hint, length, protection, flags, fd, offset) ->
                        map((Proc) p, hint, length, (int) protection, (int) flags, (int) fd, offset));
        calls.register(
                SystemCallNumber.MUNMAP,
                (p, address, length, c, d, e, f) -> ((Proc) p).memory().unmap(p, address, length));
        calls.register(
                SystemCallNumber.MPROTECT,
                (p, address, length, protection, d, e, f) ->
                        ((Proc) p).memory().protect(p, address, length, permissions((int) protection)));
        calls.register(
                SystemCallNumber.MSYNC,
                (p, address, length, flags, d, e, f) -> sync((Proc) p, address, length, (int) flags));
        calls.register(
                SystemCallNumber.MADVISE,
                (p, address, length, advice, d, e, f) -> advise((Proc) p, address, length, (int) advice));
    }

    /**
     * @return the address; -EINVAL, -ENOMEM, -EOVERFLOW, -EEXIST, -EOPNOTSUPP; of a file also -EBADF, -EACCES, and what the file says, such as -ENODEV
     */
    private static long map(Proc process, long hint, long length, int protection, int flags, int fd, long offset) {
        FileDescription file = null;
        if ((flags & MAP_ANONYMOUS) == 0) {
            file = process.files().get(fd);
            if (file == null) {
                return -EBADF;
            }
        }
        int type = flags & MAP_TYPE;
        if (length == 0 || offset % Limits.PAGE_SIZE != 0 || type < MAP_SHARED || type > MAP_SHARED_VALIDATE) {
            return -EINVAL;
        }
        if (type == MAP_SHARED_VALIDATE && (flags & ~MAP_KNOWN) != 0) {
            return -EOPNOTSUPP;
        }
        long bytes = length + Limits.PAGE_SIZE - 1 & -Limits.PAGE_SIZE;
        if (bytes <= 0) {
            return -ENOMEM;
        }
        boolean shared = type != MAP_PRIVATE;
        Place place = (flags & MAP_FIXED_NOREPLACE) != 0
                ? Place.FREE
                : (flags & MAP_FIXED) != 0 ? Place.FIXED : Place.ANYWHERE;
        int permissions = permissions(protection);
        long address = file == null
                ? process.memory().mapAnonymous(process, hint, bytes, permissions, shared, place)
                : mapFile(process, file, hint, bytes, permissions, shared, place, offset);
        if (address >= 0 && (flags & MAP_POPULATE) != 0) {
            populate(process, address, bytes, permissions);
        }
        return address;
    }

    private static long mapFile(
            Proc process,
            FileDescription file,
            long hint,
            long bytes,
            int permissions,
            boolean shared,
            Place place,
            long offset) {
        if (offset < 0 || offset > Long.MAX_VALUE - bytes) {
            return -EOVERFLOW;
        }
        int access = file.flags() & OpenFlags.O_ACCMODE;
        boolean mayWrite = !shared || access == OpenFlags.O_RDWR;
        boolean writable = (permissions & PageTable.WRITE) != 0;
        if (access == OpenFlags.O_WRONLY || (writable && !mayWrite)) {
            return -EACCES;
        }
        MappingRequest request = new MappingRequest(offset, bytes, shared, writable);
        long refused = DriverGate.mmap(process, file, request);
        if (refused < 0) {
            return refused;
        }
        if (request.pager() == null) {
            return -ENODEV;
        }
        MappedFile backing =
                new MappedFile(process.table(), file, process.table().identity(file), request.pager());
        return process.memory().mapFile(process, hint, bytes, permissions, shared, mayWrite, place, backing, offset);
    }

    /** As far as there are pages; what is not there is for the program to find out. */
    private static void populate(Proc process, long address, long bytes, int permissions) {
        AddressSpace memory = process.memory();
        boolean write = (permissions & PageTable.WRITE) != 0;
        if ((permissions & (PageTable.READ | PageTable.WRITE)) == 0) {
            return;
        }
        for (long page = address; page < address + bytes; page += Limits.PAGE_SIZE) {
            if (memory.fault(process, page, write) < 0) {
                return;
            }
        }
    }

    /** @return 0, -EINVAL, -ENOMEM where nothing is mapped, and what the file says, such as -EIO */
    private static long sync(Proc process, long address, long length, int flags) {
        boolean known = (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) == 0;
        if (!known || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC) || address % Limits.PAGE_SIZE != 0) {
            return -EINVAL;
        }
        if (length < 0 || length > AddressSpace.END) {
            return -ENOMEM;
        }
        if ((flags & MS_SYNC) != 0) {
            return process.memory().sync(process, address, length);
        }
        // What was written is written back in time anyway, and there is one copy of each page to look at.
        return AddressSpace.isUserRange(address, length) && process.memory().isMapped(address, length) ? 0 : -ENOMEM;
    }

    /** @return 0, -EINVAL, -ENOMEM where nothing is mapped */
    private static long advise(Proc process, long address, long length, int advice) {
        boolean hint = advice >= MADV_NORMAL && advice <= MADV_WILLNEED;
        boolean forget = advice == MADV_DONTNEED || advice == MADV_FREE;
        if ((!hint && !forget) || address % Limits.PAGE_SIZE != 0 || length < 0) {
            return -EINVAL;
        }
        if (length == 0) {
            return 0;
        }
        if (forget) {
            return process.memory().discard(address, length);
        }
        return AddressSpace.isUserRange(address, length) && process.memory().isMapped(address, length) ? 0 : -ENOMEM;
    }

    /** On x86-64 what can be written can be read. */
    private static int permissions(int protection) {
        int read = (protection & (PROT_READ | PROT_WRITE)) != 0 ? PageTable.READ : 0;
        int write = (protection & PROT_WRITE) != 0 ? PageTable.WRITE : 0;
        int execute = (protection & PROT_EXEC) != 0 ? PageTable.EXECUTE : 0;
        return read | write | execute;
    }
}
