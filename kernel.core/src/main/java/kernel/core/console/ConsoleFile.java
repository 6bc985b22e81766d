// SPDX-License-Identifier: Apache-2.0
package kernel.core.console;

import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOTTY;
import static kernel.uapi.Errno.ENXIO;
import static kernel.uapi.Errno.ESRCH;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.wait.PollTable;
import kernel.core.fs.UserProcess;
import kernel.core.process.Proc;
import kernel.core.process.ProcessTable;
import kernel.uapi.PollEvents;

/** /dev/console and /dev/tty. */
final class ConsoleFile implements FileOperations {
    private static final int TCGETS = 0x5401;
    private static final int TIOCGPGRP = 0x540f;
    private static final int TIOCSPGRP = 0x5410;
    private static final int TIOCGWINSZ = 0x5413;
    /** Our own: a pointer to the prompt for the next line. */
    private static final int SET_PROMPT = 0x5501;

    private static final int PIECE_BYTES = 4096;
    private static final int TERMIOS_BYTES = 36;
    private static final int PROMPT_BYTES_MAX = 1024;
    /** Input, output, control and local modes of a terminal that edits lines and echoes. */
    private static final int[] TERMIOS = {0x500, 0x5, 0xbf, 0x8a3b};

    private final Console console;
    private final ProcessTable processes;
    /** /dev/tty is whatever terminal a process has. */
    private final boolean controllingOnly;

    ConsoleFile(Console console, ProcessTable processes, boolean controllingOnly) {
        this.console = console;
        this.processes = processes;
        this.controllingOnly = controllingOnly;
    }

    /** @return 0; -ENODEV without a terminal, -ENXIO for /dev/tty of a process that has none */
    @Override
    public int open(ProcessContext context, OpenFile file) {
        if (console.port() == null) {
            return -ENODEV;
        }
        Proc process = (Proc) context;
        if (controllingOnly) {
            return process.hasTerminal() ? 0 : -ENXIO;
        }
        if (process.leadsSession() && !process.hasTerminal()) {
            process.setTerminal(true);
            if (console.foregroundGroup() == 0) {
                console.setForegroundGroup(process.group());
            }
        }
        return 0;
    }

    /** @return at most one line, 0 at the end of input; -EAGAIN, -EFAULT, -EINTR */
    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        if (buffer.length() == 0) {
            return 0;
        }
        int wanted = (int) Math.min(buffer.length(), PIECE_BYTES);
        for (; ; ) {
            byte[] bytes = console.take(context, wanted);
            if (bytes != null) {
                return deliver(context, buffer, bytes);
            }
            if (!console.isReadable(context)) {
                if (file.isNonBlocking()) {
                    return -EAGAIN;
                }
                int result = console.readers().waitEventInterruptible(context, console::needsAttention);
                if (result < 0) {
                    return result;
                }
            }
        }
    }

    private long deliver(ProcessContext context, UserBuffer buffer, byte[] bytes) {
        if (context.copyToUser(buffer, 0, bytes, 0, bytes.length) != 0) {
            console.giveBack(context, bytes);
            return -EFAULT;
        }
        return bytes.length;
    }

    /** @return all that was wanted; -EFAULT when not a byte could be read */
    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        long done = 0;
        while (done < buffer.length()) {
            byte[] piece = new byte[(int) Math.min(buffer.length() - done, PIECE_BYTES)];
            if (context.copyFromUser(piece, 0, buffer, done, piece.length) != 0) {
                return done > 0 ? done : -EFAULT;
            }
            console.port().write(piece);
            done += piece.length;
        }
        return done;
    }

    @Override
    public int poll(ProcessContext context, OpenFile file, PollTable table) {
        table.wait(console.readers());
        int input = console.isReadable(context) ? PollEvents.POLLIN | PollEvents.POLLRDNORM : 0;
        return input | PollEvents.POLLOUT | PollEvents.POLLWRNORM;
    }

    /** @return 0; -EFAULT, -ENOTTY for a command that is not known, -ESRCH for a process group that is not there */
    @Override
    public long ioctl(ProcessContext context, OpenFile file, int command, long argument) {
        return switch (command) {
            case TCGETS -> put(context, argument, termios());
            case TIOCGPGRP -> put(context, argument, ints(console.foregroundGroup()));
            case TIOCSPGRP -> setForeground(context, argument);
            case TIOCGWINSZ ->
                put(
                        context,
                        argument,
                        ints(console.port().rows() | console.port().columns() << Short.SIZE, 0));
            case SET_PROMPT -> setPrompt(context, argument);
            default -> -ENOTTY;
        };
    }

    private long setForeground(ProcessContext context, long address) {
        byte[] group = new byte[Integer.BYTES];
        if (context.copyFromUser(group, 0, new UserBuffer(address, group.length), 0, group.length) != 0) {
            return -EFAULT;
        }
        int number = ByteBuffer.wrap(group).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (processes.members(number).isEmpty()) {
            return -ESRCH;
        }
        console.setForegroundGroup(number);
        return 0;
    }

    private long setPrompt(ProcessContext context, long address) {
        String prompt = ((UserProcess) context).readUserString(address, PROMPT_BYTES_MAX);
        if (prompt == null) {
            return -EFAULT;
        }
        console.setPrompt(context, prompt);
        return 0;
    }

    private static byte[] termios() {
        ByteBuffer bytes = ByteBuffer.allocate(TERMIOS_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int mode : TERMIOS) {
            bytes.putInt(mode);
        }
        return bytes.array();
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    private static long put(ProcessContext context, long address, byte[] bytes) {
        return context.copyToUser(new UserBuffer(address, bytes.length), 0, bytes, 0, bytes.length) == 0 ? 0 : -EFAULT;
    }
}
