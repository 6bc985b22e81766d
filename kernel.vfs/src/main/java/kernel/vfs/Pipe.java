// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EPIPE;
import static kernel.uapi.Limits.PIPE_BUF;

import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;
import kernel.api.wait.PollTable;
import kernel.api.wait.WaitQueue;
import kernel.core.fs.FileSystemHost;
import kernel.core.fs.UserProcess;
import kernel.uapi.PollEvents;
import kernel.uapi.Signal;

/**
 * The bytes between those who write to a pipe and those who read from it (Linux: fs/pipe.c).
 *
 * <p>A write of at most PIPE_BUF bytes goes in as one piece or not at all. The lock guards the ring and is held over no copy
 * to or from user memory: bytes are taken out, copied, and given back where the copy failed. Conditions read without it. There
 * is room, for a poll and for those who are woken, when PIPE_BUF bytes fit: so whoever frees the first such room wakes.
 */
final class Pipe {
    static final int CAPACITY = 65536;

    private final FileSystemHost host;
    private final WaitQueue readable;
    private final WaitQueue writable;
    private final ByteRing ring = new ByteRing();
    private volatile int count;
    private volatile int readers;
    private volatile int writers;
    private volatile int readerOpens;
    private volatile int writerOpens;

    Pipe(FileSystemHost host) {
        this.host = host;
        this.readable = host.waitQueue("pipe_read");
        this.writable = host.waitQueue("pipe_write");
    }

    /** Opens the first reader and the first writer of a pipe that nobody else knows yet. */
    synchronized void openBoth() {
        readers = 1;
        writers = 1;
        readerOpens = 1;
        writerOpens = 1;
    }

    /** Adds an open end, or both in one; wakes who waits for the other side to open. */
    void open(ProcessContext context, boolean reads, boolean writes) {
        synchronized (this) {
            if (reads) {
                readers++;
                readerOpens++;
            }
            if (writes) {
                writers++;
                writerOpens++;
            }
        }
        if (reads) {
            writable.wakeUpAll(context);
        }
        if (writes) {
            readable.wakeUpAll(context);
        }
    }

    /** Takes an open end away. The last reader or writer wakes the other side; when both have gone, so has the content. */
    void close(ProcessContext context, boolean reads, boolean writes) {
        boolean lastReader;
        boolean lastWriter;
        synchronized (this) {
            readers -= reads ? 1 : 0;
            writers -= writes ? 1 : 0;
            lastReader = readers == 0 && writers > 0;
            lastWriter = writers == 0 && readers > 0;
            if (readers == 0 && writers == 0) {
                ring.clear();
                count = 0;
            }
        }
        if (lastReader) {
            writable.wakeUpAll(context);
        }
        if (lastWriter) {
            readable.wakeUpAll(context);
        }
    }

    int readers() {
        return readers;
    }

    int writers() {
        return writers;
    }

    int count() {
        return count;
    }

    /** How often it was opened for reading, ever. */
    int readerOpens() {
        return readerOpens;
    }

    /** How often it was opened for writing, ever. */
    int writerOpens() {
        return writerOpens;
    }

    /** Sleeps until it is opened for reading once more than that; 0 or -ERESTARTSYS. */
    int awaitReader(ProcessContext context, int seenOpens) {
        return writable.waitEventInterruptible(context, () -> readerOpens != seenOpens);
    }

    /** Sleeps until it is opened for writing once more than that; 0 or -ERESTARTSYS. */
    int awaitWriter(ProcessContext context, int seenOpens) {
        return readable.waitEventInterruptible(context, () -> writerOpens != seenOpens);
    }

    /**
     * Reads what is there, waiting for the first byte.
     *
     * @return a count, 0 at the end (empty and no writer), -EAGAIN, -ERESTARTSYS, -EFAULT, and then nothing was taken
     */
    long read(ProcessContext context, UserBuffer buffer, boolean nonBlocking) {
        if (buffer.length() == 0) {
            return 0;
        }
        while (true) {
            boolean madeRoom = false;
            byte[] taken = null;
            synchronized (this) {
                if (count > 0) {
                    madeRoom = !hasRoom();
                    taken = ring.take((int) Math.min(count, buffer.length()));
                    count = ring.count();
                }
            }
            if (taken != null) {
                return deliver(context, buffer, taken, madeRoom);
            }
            // In this order: who writes and then closes has left nothing unseen.
            if (writers == 0 && count == 0) {
                return 0;
            }
            int error =
                    nonBlocking ? -EAGAIN : readable.waitEventInterruptible(context, () -> count > 0 || writers == 0);
            if (error != 0) {
                return error;
            }
        }
    }

    private long deliver(ProcessContext context, UserBuffer buffer, byte[] taken, boolean madeRoom) {
        int moved = taken.length - (int) context.copyToUser(buffer, 0, taken, 0, taken.length);
        if (moved < taken.length) {
            synchronized (this) {
                ring.putBack(taken, moved);
                count = ring.count();
            }
            readable.wakeUp(context);
        }
        if (madeRoom) {
            writable.wakeUp(context);
        }
        return moved == 0 ? -EFAULT : moved;
    }

    /**
     * Writes all of it, waiting for room.
     *
     * @return a count, short only after a signal, a bad address or without blocking; -EPIPE with SIGPIPE when nobody reads;
     *     -EAGAIN, -ERESTARTSYS, -EFAULT
     */
    long write(ProcessContext context, UserBuffer buffer, boolean nonBlocking) {
        long total = buffer.length();
        if (total == 0) {
            return 0;
        }
        if (readers == 0) {
            return broken(context, 0);
        }
        byte[] piece = new byte[(int) Math.min(total, PIPE_BUF)];
        long done = 0;
        while (done < total) {
            int length = (int) Math.min(piece.length, total - done);
            if (context.copyFromUser(piece, 0, buffer, done, length) != 0) {
                return done > 0 ? done : -EFAULT;
            }
            int put = 0;
            while (put < length) {
                int accepted = offer(context, piece, put, length - put, total <= PIPE_BUF);
                if (accepted < 0) {
                    return broken(context, done + put);
                }
                put += accepted;
                int wanted = length - put;
                if (wanted > 0) {
                    int error = nonBlocking ? -EAGAIN : awaitRoom(context, wanted);
                    if (error != 0) {
                        return done + put > 0 ? done + put : error;
                    }
                }
            }
            done += put;
        }
        return done;
    }

    private int awaitRoom(ProcessContext context, int wanted) {
        return writable.waitEventInterruptible(context, () -> CAPACITY - count >= wanted || readers == 0);
    }

    /** Puts in what fits, or all or nothing; -EPIPE when nobody reads. */
    private int offer(ProcessContext context, byte[] piece, int offset, int length, boolean whole) {
        boolean wasEmpty;
        int accepted;
        synchronized (this) {
            if (readers == 0) {
                return -EPIPE;
            }
            int room = Math.max(0, CAPACITY - count);
            accepted = room >= length ? length : whole ? 0 : room;
            wasEmpty = count == 0 && accepted > 0;
            ring.put(piece, offset, accepted);
            count = ring.count();
        }
        if (wasEmpty) {
            readable.wakeUp(context);
        }
        return accepted;
    }

    private long broken(ProcessContext context, long done) {
        if (context instanceof UserProcess process) {
            host.signal(process, Signal.SIGPIPE);
        }
        return done > 0 ? done : -EPIPE;
    }

    private boolean hasRoom() {
        return CAPACITY - count >= PIPE_BUF;
    }

    /**
     * The poll events of an end.
     *
     * @param hadWriters whether anybody has opened it for writing since that end was opened, without whom there is no hang-up
     */
    int poll(PollTable table, boolean reads, boolean writes, boolean hadWriters) {
        int events = 0;
        if (reads) {
            table.wait(readable);
            events |= count > 0 ? PollEvents.POLLIN | PollEvents.POLLRDNORM : 0;
            events |= writers == 0 && hadWriters ? PollEvents.POLLHUP : 0;
        }
        if (writes) {
            table.wait(writable);
            events |= hasRoom() ? PollEvents.POLLOUT | PollEvents.POLLWRNORM : 0;
            events |= readers == 0 ? PollEvents.POLLERR : 0;
        }
        return events;
    }
}
