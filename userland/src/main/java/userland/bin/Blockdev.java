// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.List;
import kernel.uapi.BlockControl;
import kernel.uapi.OpenFlags;
import userland.libc.Arena;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** blockdev(8): asks disks and tells them, by ioctl(2). */
final class Blockdev implements Program {
    static final String USAGE = """
            Usage: blockdev COMMAND... DEVICE...
            Ask disks about themselves, and tell them what to do.

              --getsize64   size in bytes
              --getsz       size in sectors of 512 bytes
              --getss       logical block in bytes
              --getpbsz     physical block in bytes
              --getbsz      unit of the cache in bytes
              --getiomin    smallest transfer that is not slow
              --getioopt    best transfer
              --getalignoff by how much its beginning misses a physical block
              --getro       1 when it is read-only
              --setro       make it read-only
              --setrw       make it writable
              --flushbufs   write what is cached and forget it
              --rereadpt    read the partition table again
            """;

    /** What stands in user memory before or after the call. */
    private enum Value {
        NONE,
        GET_INT,
        GET_LONG,
        SET_INT
    }

    private record Command(String option, String ioctl, int number, Value value, int argument) {}

    private static final List<Command> COMMANDS = List.of(
            new Command("--getsize64", "BLKGETSIZE64", BlockControl.BLKGETSIZE64, Value.GET_LONG, 0),
            new Command("--getsz", "BLKGETSIZE", BlockControl.BLKGETSIZE, Value.GET_LONG, 0),
            new Command("--getsize", "BLKGETSIZE", BlockControl.BLKGETSIZE, Value.GET_LONG, 0),
            new Command("--getss", "BLKSSZGET", BlockControl.BLKSSZGET, Value.GET_INT, 0),
            new Command("--getpbsz", "BLKPBSZGET", BlockControl.BLKPBSZGET, Value.GET_INT, 0),
            new Command("--getbsz", "BLKBSZGET", BlockControl.BLKBSZGET, Value.GET_INT, 0),
            new Command("--getiomin", "BLKIOMIN", BlockControl.BLKIOMIN, Value.GET_INT, 0),
            new Command("--getioopt", "BLKIOOPT", BlockControl.BLKIOOPT, Value.GET_INT, 0),
            new Command("--getalignoff", "BLKALIGNOFF", BlockControl.BLKALIGNOFF, Value.GET_INT, 0),
            new Command("--getro", "BLKROGET", BlockControl.BLKROGET, Value.GET_INT, 0),
            new Command("--setro", "BLKROSET", BlockControl.BLKROSET, Value.SET_INT, 1),
            new Command("--setrw", "BLKROSET", BlockControl.BLKROSET, Value.SET_INT, 0),
            new Command("--flushbufs", "BLKFLSBUF", BlockControl.BLKFLSBUF, Value.NONE, 0),
            new Command("--rereadpt", "BLKRRPART", BlockControl.BLKRRPART, Value.NONE, 0));

    /** The command of that option. */
    private static Command command(String option) {
        return COMMANDS.stream()
                .filter(command -> command.option().equals(option))
                .findFirst()
                .orElseThrow(() -> new UsageException("Unknown command: " + option));
    }

    @Override
    public int main(Libc libc, String[] arguments) {
        List<Command> wanted = new ArrayList<>();
        List<String> devices = new ArrayList<>();
        for (String argument : arguments) {
            if (!argument.startsWith("-")) {
                devices.add(argument);
            } else {
                wanted.add(command(argument));
            }
        }
        if (wanted.isEmpty()) {
            throw new UsageException("no command given");
        }
        if (devices.isEmpty()) {
            throw new UsageException("no device given");
        }
        for (String device : devices) {
            if (!runAll(libc, wanted, device)) {
                return 1;
            }
        }
        return 0;
    }

    private static boolean runAll(Libc libc, List<Command> wanted, String device) {
        int fd;
        try {
            fd = libc.open(device, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC);
        } catch (SystemCallException e) {
            libc.warn("cannot open " + device + ": " + e.text());
            return false;
        }
        try {
            for (Command command : wanted) {
                run(libc, command, fd);
            }
            return true;
        } catch (SystemCallException e) {
            libc.warn("ioctl error on " + e.path() + ": " + e.text());
            return false;
        } finally {
            libc.close(fd);
        }
    }

    private static void run(Libc libc, Command command, int fd) {
        try (Arena arena = libc.arena()) {
            long value = arena.allocate(Long.BYTES);
            libc.processor().storeInt(value, command.argument());
            long result = libc.raw().ioctl(fd, command.number(), command.value() == Value.NONE ? 0 : value);
            if (result < 0) {
                throw SystemCallException.of((int) -result, "ioctl", command.ioctl());
            }
            switch (command.value()) {
                case GET_INT ->
                    libc.stdout().println(Integer.toString(libc.processor().loadInt(value)));
                case GET_LONG ->
                    libc.stdout().println(Long.toString(libc.processor().loadLong(value)));
                default -> {
                    // It was told, not asked.
                }
            }
        }
    }
}
