// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENOSPC;
import static kernel.uapi.Errno.EPIPE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.stream.Stream;
import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.wait.PollTable;
import kernel.core.Kernel;
import kernel.core.execution.Gone;
import kernel.core.execution.Task;
import kernel.core.execution.WaitQueueHead;
import kernel.core.fs.UserProcess;
import kernel.uapi.Errno;
import kernel.uapi.PollEvents;
import kernel.uapi.Signal;

/**
 * A stream of the host as a character device, for sessions without a terminal (Linux: drivers/tty/hvc, the console of a virtual machine,
 * though no terminal). Nobody reads ahead: what no program asks for stays with the host.
 */
final class HostFile implements FileOperations {
    private static final int PIECE_BYTES = 4096;

    private final Kernel kernel;
    private final InputStream in;
    private final OutputStream out;
    private final WaitQueueHead readers;
    // Guarded by this.
    private byte[] received = new byte[0];
    private boolean ended;
    private boolean asked;

    /**
     * Makes the device.
     *
     * @param in null for what cannot be read
     */
    HostFile(Kernel kernel, InputStream in, OutputStream out) {
        this.kernel = kernel;
        this.in = in;
        this.out = out;
        readers = kernel.execution().newWaitQueue("hvc_read", Gone.NEVER);
    }

    /** Reads what is there; -EAGAIN, -EFAULT, -ERESTARTSYS. */
    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        if (in == null || buffer.length() == 0) {
            return 0;
        }
        if (!hasInput()) {
            ask();
            if (file.isNonBlocking() && !hasInput()) {
                return -EAGAIN;
            }
            int error = readers.waitEventInterruptible(context, this::hasInput);
            if (error != 0) {
                return error;
            }
        }
        byte[] bytes = take((int) Math.min(buffer.length(), PIECE_BYTES));
        return context.copyToUser(buffer, 0, bytes, 0, bytes.length) == 0 ? bytes.length : -EFAULT;
    }

    private synchronized boolean hasInput() {
        return received.length > 0 || ended;
    }

    private synchronized byte[] take(int length) {
        byte[] bytes = Arrays.copyOf(received, Math.min(length, received.length));
        received = Arrays.copyOfRange(received, bytes.length, received.length);
        return bytes;
    }

    /** Has the host read: on a thread of its own, or, where time is virtual and stands still meanwhile, at once. */
    private void ask() {
        synchronized (this) {
            if (asked) {
                return;
            }
            asked = true;
        }
        if (kernel.config().isDeterministic()) {
            fetch();
        } else {
            Thread.ofPlatform().daemon().name("ubend-stdin").start(() -> {
                fetch();
                readers.wakeAllFromOutside();
            });
        }
    }

    private void fetch() {
        byte[] bytes = new byte[PIECE_BYTES];
        int count;
        try {
            count = in.read(bytes);
        } catch (IOException _) {
            count = -1;
        }
        synchronized (this) {
            received = Arrays.copyOf(bytes, Math.max(0, count));
            ended |= count < 0;
            asked = false;
        }
    }

    /** Writes all of it; -EFAULT, -EPIPE when the host's reader has gone, -ENOSPC, -EBADF for a stream that the host has closed, -EIO. */
    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        long done = 0;
        while (done < buffer.length()) {
            byte[] piece = new byte[(int) Math.min(buffer.length() - done, PIECE_BYTES)];
            if (context.copyFromUser(piece, 0, buffer, done, piece.length) != 0) {
                return done > 0 ? done : -EFAULT;
            }
            int error = writeOut((Task) context, piece);
            if (error == EPIPE) {
                kernel.signal((UserProcess) context, Signal.SIGPIPE);
            }
            if (error != 0) {
                return done > 0 ? done : -error;
            }
            done += piece.length;
        }
        return done;
    }

    /** The host may take its time: the processor serves interrupts meanwhile. Answers 0 or a positive errno. */
    private int writeOut(Task task, byte[] bytes) {
        task.leaveKernel();
        try {
            out.write(bytes);
            out.flush();
            return 0;
        } catch (IOException e) {
            return errno(e);
        } finally {
            task.enterKernel();
        }
    }

    /** Java passes on what the host's C library calls the error, and no number. */
    private static int errno(IOException exception) {
        return Stream.of(EPIPE, ENOSPC, EBADF)
                .filter(errno -> Errno.text(errno).equals(exception.getMessage()))
                .findFirst()
                .orElse(EIO);
    }

    @Override
    public int poll(ProcessContext context, OpenFile file, PollTable table) {
        table.wait(readers);
        if (in != null && !hasInput()) {
            ask();
        }
        int input = hasInput() ? PollEvents.POLLIN | PollEvents.POLLRDNORM : 0;
        return input | PollEvents.POLLOUT | PollEvents.POLLWRNORM;
    }
}
