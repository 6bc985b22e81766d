// SPDX-License-Identifier: Apache-2.0
package kernel.core.aio;

import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.EOPNOTSUPP;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import kernel.api.file.FileOperations;
import kernel.api.file.UserBuffer;
import kernel.core.block.Plug;
import kernel.core.execution.Execution;
import kernel.core.execution.Gone;
import kernel.core.fs.AsynchronousFile;
import kernel.core.fs.DeviceFile;
import kernel.core.fs.FileDescription;
import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;
import kernel.core.memory.AddressSpace;
import kernel.uapi.Limits;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;

/**
 * io_setup and its kin, eventfd (Linux: fs/aio.c, fs/eventfd.c). Reads and writes of files that cannot do without waiting are waited for within io_submit,
 * as on Linux.
 */
public final class AioCalls {
    /** Linux: /proc/sys/fs/aio-max-nr. */
    static final int EVENTS_MAX = 65_536;

    static final int OPCODE_READ = 0;
    static final int OPCODE_WRITE = 1;
    static final int OPCODE_SYNC = 2;
    static final int OPCODE_DATA_SYNC = 3;
    static final int OPCODE_NOOP = 6;

    private static final int DATA = 0;
    private static final int READ_WRITE_FLAGS = 12;
    private static final int OPCODE = 16;
    private static final int DESCRIPTOR = 20;
    private static final int BUFFER = 24;
    private static final int LENGTH = 32;
    private static final int OFFSET = 40;
    private static final int RESERVED = 48;
    private static final int FLAGS = 56;
    private static final int EVENT_DESCRIPTOR = 60;

    private static final int FLAG_EVENT_DESCRIPTOR = 1;
    private static final int FLAG_PRIORITY = 2;
    private static final int HIGH_PRIORITY = 1;
    private static final int DURABLE = 2 | 4;

    private static final int EVENTFD_SEMAPHORE = 1;
    /** More at once are held back until all have been submitted (Linux: AIO_PLUG_THRESHOLD). */
    private static final int PLUG_THRESHOLD = 2;

    /** Of what a disk has begun nothing can be taken back, and so nothing is found that could be. */
    private static final long CANCEL_RESULT = -EINVAL;

    private static final int TIMESPEC_BYTES = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Execution execution;
    private final Function<UserProcess, AioContexts> contextsOf;
    private final AtomicInteger events = new AtomicInteger();

    /** @param contextsOf the contexts of a process */
    public AioCalls(Execution execution, Function<UserProcess, AioContexts> contextsOf) {
        this.execution = execution;
        this.contextsOf = contextsOf;
    }

    public void register(SystemCallTable calls) {
        calls.register(SystemCallNumber.IO_SETUP, (p, count, to, d, e, f, g) -> setUp(p, (int) count, to));
        calls.register(SystemCallNumber.IO_DESTROY, (p, number, c, d, e, f, g) -> destroy(p, number));
        calls.register(SystemCallNumber.IO_SUBMIT, (p, number, count, list, e, f, g) -> submit(p, number, count, list));
        calls.register(
                SystemCallNumber.IO_GETEVENTS,
                (p, number, least, most, to, timeout, g) -> getEvents(p, number, least, most, to, timeout));
        calls.register(SystemCallNumber.IO_CANCEL, (p, number, iocb, to, e, f, g) -> CANCEL_RESULT);
        calls.register(SystemCallNumber.EVENTFD, (p, count, c, d, e, f, g) -> eventFile(p, (int) count, 0));
        calls.register(
                SystemCallNumber.EVENTFD2, (p, count, flags, d, e, f, g) -> eventFile(p, (int) count, (int) flags));
    }

    // ---- contexts

    /** @return 0; -EINVAL for no events or a context that is not 0, -EAGAIN for more than the system allows, -EFAULT */
    private long setUp(UserProcess process, int count, long to) {
        byte[] number = get(process, to, Long.BYTES);
        if (number == null) {
            return -EFAULT;
        }
        if ((long) LONG.get(number, 0) != 0 || count <= 0) {
            return -EINVAL;
        }
        if (count > EVENTS_MAX || !reserve(count)) {
            return -EAGAIN;
        }
        AioContext context = new AioContext(execution, count);
        long id = contextsOf.apply(process).add(context);
        LONG.set(number, 0, id);
        if (process.copyToUser(new UserBuffer(to, number.length), 0, number, 0, number.length) != 0) {
            destroy(process, id);
            return -EFAULT;
        }
        return 0;
    }

    private boolean reserve(int count) {
        if (events.addAndGet(count) > EVENTS_MAX) {
            events.addAndGet(-count);
            return false;
        }
        return true;
    }

    /** @return 0; -EINVAL when there is no such context */
    private long destroy(UserProcess process, long number) {
        AioContext context = contextsOf.apply(process).remove(number);
        if (context == null) {
            return -EINVAL;
        }
        context.close(process);
        events.addAndGet(-context.capacity());
        return 0;
    }

    /** The end of a process: waits for all that it has under way. May sleep. */
    public void closeAll(UserProcess process) {
        events.addAndGet(-contextsOf.apply(process).close(process));
    }

    // ---- operations

    /** @return how many were submitted; the error of the first: -EINVAL, -EBADF, -EAGAIN when all places are taken, -EFAULT, and what the file gives */
    private long submit(UserProcess process, long number, long count, long list) {
        AioContext context = contextsOf.apply(process).get(number);
        if (context == null || count < 0) {
            return -EINVAL;
        }
        long most = Math.min(count, context.capacity());
        Plug plug = most > PLUG_THRESHOLD ? Plug.start(process, context.plug()) : null;
        try {
            long done = 0;
            int error = 0;
            while (done < most && error == 0) {
                byte[] pointer = context.pointer();
                error = get(process, list + done * Long.BYTES, pointer)
                        ? submit(process, context, (long) LONG.get(pointer, 0))
                        : -EFAULT;
                done += error == 0 ? 1 : 0;
            }
            return done > 0 ? done : error;
        } finally {
            Plug.finish(process, plug);
        }
    }

    private int submit(UserProcess process, AioContext context, long address) {
        byte[] iocb = context.iocb();
        if (!get(process, address, iocb)) {
            return -EFAULT;
        }
        int flags = (int) INT.get(iocb, FLAGS);
        long length = (long) LONG.get(iocb, LENGTH);
        if ((long) LONG.get(iocb, RESERVED) != 0
                || (flags & ~(FLAG_EVENT_DESCRIPTOR | FLAG_PRIORITY)) != 0
                || length < 0) {
            return -EINVAL;
        }
        if (((int) INT.get(iocb, READ_WRITE_FLAGS) & ~(DURABLE | HIGH_PRIORITY)) != 0) {
            return -EOPNOTSUPP;
        }
        FileDescription file = process.files().get((int) INT.get(iocb, DESCRIPTOR));
        if (file == null) {
            return -EBADF;
        }
        FileDescription signalled = null;
        if ((flags & FLAG_EVENT_DESCRIPTOR) != 0) {
            signalled = process.files().get((int) INT.get(iocb, EVENT_DESCRIPTOR));
            if (signalled == null) {
                return -EBADF;
            }
            if (!(signalled.operations() instanceof EventFile)) {
                return -EINVAL;
            }
        }
        AioRequest request = context.take();
        if (request == null) {
            return -EAGAIN;
        }
        request.prepare(address, (long) LONG.get(iocb, DATA), file.get(), signalled == null ? null : signalled.get());
        int error = begin(process, request, file, iocb);
        if (error != 0) {
            request.dismiss(process);
            context.giveBack(process, request);
        }
        return error;
    }

    private static int begin(UserProcess process, AioRequest request, FileDescription file, byte[] iocb) {
        int opcode = (int) INT.get(iocb, OPCODE) & 0xffff;
        switch (opcode) {
            case OPCODE_READ, OPCODE_WRITE -> {
                return move(process, request, file, iocb, opcode == OPCODE_WRITE);
            }
            case OPCODE_SYNC, OPCODE_DATA_SYNC -> request.beginSync(process, opcode == OPCODE_DATA_SYNC);
            case OPCODE_NOOP -> request.ended(process, 0);
            default -> {
                return -EINVAL;
            }
        }
        return 0;
    }

    private static int move(UserProcess process, AioRequest request, FileDescription file, byte[] iocb, boolean write) {
        if (write ? !OpenFlags.mayWrite(file.flags()) : !OpenFlags.mayRead(file.flags())) {
            return -EBADF;
        }
        long address = (long) LONG.get(iocb, BUFFER);
        long length = Math.min((long) LONG.get(iocb, LENGTH), Limits.MAX_RW_COUNT);
        if (!AddressSpace.isUserRange(address, length)) {
            return -EFAULT;
        }
        UserBuffer buffer = new UserBuffer(address, length);
        long offset = (long) LONG.get(iocb, OFFSET);
        boolean durable = ((int) INT.get(iocb, READ_WRITE_FLAGS) & DURABLE) != 0;
        DeviceFile device = file.device();
        if (device != null && !device.enter()) {
            return -ENODEV;
        }
        try {
            FileOperations operations = file.operations();
            int error = operations instanceof AsynchronousFile asynchronous
                    ? asynchronous.begin(process, file, write, buffer, offset, durable, request)
                    : -EOPNOTSUPP;
            if (error != -EOPNOTSUPP) {
                return error;
            }
            long result = write
                    ? operations.write(process, file, buffer, offset)
                    : operations.read(process, file, buffer, offset);
            request.ended(process, result);
            return 0;
        } finally {
            if (device != null) {
                device.exit();
            }
        }
    }

    /** @return how many; -EINVAL when there is no such context or for numbers that make no sense, -EFAULT, -EINTR */
    private long getEvents(UserProcess process, long number, long least, long most, long to, long timeout) {
        AioContext context = contextsOf.apply(process).get(number);
        if (context == null || least < 0 || most < least) {
            return -EINVAL;
        }
        long deadline = Long.MAX_VALUE;
        if (timeout != 0) {
            byte[] time = get(process, timeout, TIMESPEC_BYTES);
            if (time == null) {
                return -EFAULT;
            }
            long seconds = (long) LONG.get(time, 0);
            long nanos = (long) LONG.get(time, Long.BYTES);
            if (seconds < 0 || nanos < 0 || nanos >= NANOS_PER_SECOND) {
                return -EINVAL;
            }
            long now = process.nanoTime();
            if (seconds < (Long.MAX_VALUE - now) / NANOS_PER_SECOND - 1) {
                deadline = now + seconds * NANOS_PER_SECOND + nanos;
            }
        }
        return context.fetch(process, least, most, to, deadline);
    }

    // ---- eventfd

    /** @return a descriptor; -EINVAL for flags that are not known, -EMFILE */
    private long eventFile(UserProcess process, int count, int flags) {
        if ((flags & ~(EVENTFD_SEMAPHORE | OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK)) != 0) {
            return -EINVAL;
        }
        EventFile events = new EventFile(
                execution.newWaitQueue("eventfd", Gone.NEVER),
                Integer.toUnsignedLong(count),
                (flags & EVENTFD_SEMAPHORE) != 0);
        FileDescription file = new FileDescription(
                events, null, "anon_inode:[eventfd]", 0, OpenFlags.O_RDWR | (flags & OpenFlags.O_NONBLOCK));
        return process.files().install(file, (flags & OpenFlags.O_CLOEXEC) != 0);
    }

    private static byte[] get(UserProcess process, long address, int length) {
        byte[] bytes = new byte[length];
        return get(process, address, bytes) ? bytes : null;
    }

    private static boolean get(UserProcess process, long address, byte[] to) {
        return process.copyFromUser(to, 0, new UserBuffer(address, to.length), 0, to.length) == 0;
    }
}
