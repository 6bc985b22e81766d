// SPDX-License-Identifier: Apache-2.0
package kernel.core.console;

import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.Errno.EPIPE;
import static kernel.uapi.Errno.ESPIPE;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.wait.PollTable;
import kernel.core.execution.WaitQueueHead;
import kernel.core.fs.UserProcess;
import kernel.core.log.Log;
import kernel.core.log.LogEntry;
import kernel.core.log.LogLevel;
import kernel.uapi.PollEvents;
import kernel.uapi.Seek;

/** /dev/kmsg, a line of the log at each read, and syslog(2), by which dmesg reads all of it (Linux: kernel/printk/printk.c). */
final class KernelMessages implements FileOperations {
    private static final int LINE_MAX = 1024;
    private static final int SEEK_DATA = 3;
    private static final int PRIORITY_MASK = 7;

    private static final int SYSLOG_READ_ALL = 3;
    private static final int SYSLOG_READ_CLEAR = 4;
    private static final int SYSLOG_CLEAR = 5;
    private static final int SYSLOG_CONSOLE_OFF = 6;
    private static final int SYSLOG_CONSOLE_ON = 7;
    private static final int SYSLOG_CONSOLE_LEVEL = 8;
    private static final int SYSLOG_SIZE_BUFFER = 10;
    private static final int LEVEL_MAX = 8;
    private static final int LEVEL_DEFAULT = 7;
    private static final int LEVEL_OFF = 1;

    private final Log log;
    private final WaitQueueHead readers;
    /** How many wait, so that a message need not look for them. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** Somebody once polled: from then on each message looks for waiters. */
    private volatile boolean polled;

    KernelMessages(Log log, WaitQueueHead readers) {
        this.log = log;
        this.readers = readers;
        log.onAppend(this::wake);
    }

    /** In whatever context somebody prints. */
    private void wake() {
        if (polled || waiting.get() > 0) {
            readers.wakeAllFromOutside();
        }
    }

    /** What a reader of the file has got to. */
    private static final class Cursor {
        long next;

        Cursor(long next) {
            this.next = next;
        }
    }

    @Override
    public int open(ProcessContext context, OpenFile file) {
        file.setPrivateData(new Cursor(log.firstSequence()));
        return 0;
    }

    /** @return one line; -EAGAIN, -EPIPE after lines were lost, -EINVAL when the line does not fit, -EFAULT, -EINTR */
    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        Cursor cursor = (Cursor) file.privateData();
        if (cursor.next >= log.nextSequence()) {
            if (file.isNonBlocking()) {
                return -EAGAIN;
            }
            int result = await(context, cursor);
            if (result < 0) {
                return result;
            }
        }
        LogEntry entry = log.entryAt(cursor.next);
        if (entry.sequence() > cursor.next) {
            cursor.next = entry.sequence();
            return -EPIPE;
        }
        byte[] line = record(entry);
        if (line.length > buffer.length()) {
            return -EINVAL;
        }
        if (context.copyToUser(buffer, 0, line, 0, line.length) != 0) {
            return -EFAULT;
        }
        cursor.next = entry.sequence() + 1;
        return line.length;
    }

    private int await(ProcessContext context, Cursor cursor) {
        waiting.incrementAndGet();
        try {
            return readers.waitEventInterruptible(context, () -> cursor.next < log.nextSequence());
        } finally {
            waiting.decrementAndGet();
        }
    }

    /** {@code priority,sequence,microseconds,-;text}. */
    private static byte[] record(LogEntry entry) {
        return (entry.level() + "," + entry.sequence() + "," + entry.nanos() / 1000 + ",-;" + entry.text() + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A line of user space's own, {@code <N>} before it for its level. */
    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        if (buffer.length() > LINE_MAX) {
            return -EINVAL;
        }
        byte[] bytes = new byte[(int) buffer.length()];
        if (context.copyFromUser(bytes, 0, buffer, 0, bytes.length) != 0) {
            return -EFAULT;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        int level = LogLevel.WARNING;
        int close = text.indexOf('>');
        if (text.startsWith("<")
                && close > 1
                && text.substring(1, close).chars().allMatch(Character::isDigit)) {
            level = Integer.parseInt(text.substring(1, close)) & PRIORITY_MASK;
            text = text.substring(close + 1);
        }
        log.print(level, text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
        return bytes.length;
    }

    /** SEEK_SET goes to the first line, SEEK_DATA behind the last clear, SEEK_END behind the last line. */
    @Override
    public long seek(ProcessContext context, OpenFile file, long current, long offset, int whence) {
        if (offset != 0) {
            return -ESPIPE;
        }
        Cursor cursor = (Cursor) file.privateData();
        switch (whence) {
            case Seek.SEEK_SET -> cursor.next = log.firstSequence();
            case SEEK_DATA -> cursor.next = log.clearedSequence();
            case Seek.SEEK_END -> cursor.next = log.nextSequence();
            default -> {
                return -EINVAL;
            }
        }
        return 0;
    }

    @Override
    public int poll(ProcessContext context, OpenFile file, PollTable table) {
        Cursor cursor = (Cursor) file.privateData();
        polled = true;
        table.wait(readers);
        return cursor.next < log.nextSequence() ? PollEvents.POLLIN | PollEvents.POLLRDNORM : 0;
    }

    /** syslog(2): by kind; -EINVAL, -EFAULT, -EPERM. */
    long syslog(UserProcess process, int kind, long address, long length) {
        return switch (kind) {
            case SYSLOG_READ_ALL, SYSLOG_READ_CLEAR -> readAll(process, kind == SYSLOG_READ_CLEAR, address, length);
            case SYSLOG_CLEAR -> change(process, log::clear);
            case SYSLOG_CONSOLE_OFF -> change(process, () -> log.setConsoleLevel(LEVEL_OFF));
            case SYSLOG_CONSOLE_ON -> change(process, () -> log.setConsoleLevel(LEVEL_DEFAULT));
            case SYSLOG_CONSOLE_LEVEL ->
                length < 1 || length > LEVEL_MAX ? -EINVAL : change(process, () -> log.setConsoleLevel((int) length));
            case SYSLOG_SIZE_BUFFER -> (long) Log.CAPACITY * LINE_MAX / 8;
            default -> -EINVAL;
        };
    }

    private static long change(UserProcess process, Runnable change) {
        if (process.uid() != 0) {
            return -EPERM;
        }
        change.run();
        return 0;
    }

    /** The last lines that fit, each as {@code <N>[time] text}. */
    private long readAll(UserProcess process, boolean clear, long address, long length) {
        if (address == 0 || length < 0) {
            return -EINVAL;
        }
        StringBuilder text = new StringBuilder();
        for (LogEntry entry : log.visibleEntries()) {
            text.append('<')
                    .append(entry.level())
                    .append('>')
                    .append(entry.line())
                    .append('\n');
        }
        byte[] all = text.toString().getBytes(StandardCharsets.UTF_8);
        int from = (int) Math.max(0, all.length - length);
        while (from > 0 && from < all.length && all[from - 1] != '\n') {
            from++;
        }
        byte[] part = Arrays.copyOfRange(all, from, all.length);
        if (process.copyToUser(new UserBuffer(address, part.length), 0, part, 0, part.length) != 0) {
            return -EFAULT;
        }
        if (clear) {
            log.clear();
        }
        return part.length;
    }
}
