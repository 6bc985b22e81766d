// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.E2BIG;
import static kernel.uapi.Errno.EFAULT;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import kernel.core.memory.AddressSpace;
import kernel.uapi.Limits;

/** The arguments and environment of an exec, and the initial stack made of them (Linux: fs/exec.c, fs/binfmt_elf.c). */
final class ExecArguments {
    private static final int POINTER_BYTES = Long.BYTES;
    /** The stack pointer of a new program is a multiple of this. */
    private static final long STACK_ALIGNMENT = 16;
    /** Auxiliary vector: the page size, and the end. */
    private static final long[] AUXILIARY = {6, Limits.PAGE_SIZE, 0, 0};

    private final List<byte[]> argv = new ArrayList<>();
    private final List<byte[]> env = new ArrayList<>();
    private long bytes;

    /** Takes them from outside. Returns 0 or -E2BIG. */
    int add(List<String> arguments, List<String> environment) {
        for (String argument : arguments) {
            add(argv, argument.getBytes(StandardCharsets.UTF_8));
        }
        for (String definition : environment) {
            add(env, definition.getBytes(StandardCharsets.UTF_8));
        }
        return bytes > Limits.ARG_MAX ? -E2BIG : 0;
    }

    private void add(List<byte[]> list, byte[] string) {
        list.add(string);
        bytes += string.length + 1 + POINTER_BYTES;
    }

    /** Takes them from the memory of the calling process. Returns 0, -EFAULT or -E2BIG. */
    int add(Proc process, long argvAddress, long envAddress) {
        int error = read(process, argv, argvAddress);
        return error != 0 ? error : read(process, env, envAddress);
    }

    private int read(Proc process, List<byte[]> list, long address) {
        if (address == 0) {
            return 0;
        }
        for (long slot = address; ; slot += POINTER_BYTES) {
            UserWords pointer = new UserWords(process, slot, 1);
            if (!pointer.read()) {
                return -EFAULT;
            }
            if (pointer.get(0) == 0) {
                return 0;
            }
            byte[] string = process.readUserBytes(pointer.get(0), Limits.ARG_MAX);
            if (string == null) {
                return -EFAULT;
            }
            add(list, string);
            if (bytes > Limits.ARG_MAX) {
                return -E2BIG;
            }
        }
    }

    /** The arguments as text, for /proc. */
    List<String> commandLine() {
        return argv.stream()
                .map(argument -> new String(argument, StandardCharsets.UTF_8))
                .toList();
    }

    /**
     * Writes the initial stack of System V on x86-64.
     *
     * @return the stack pointer, or -1 when there is no memory
     */
    long writeStack(AddressSpace memory) {
        long strings = AddressSpace.STACK_TOP - POINTER_BYTES;
        long[] words = new long[argv.size() + env.size() + 3 + AUXILIARY.length];
        words[0] = argv.size();
        boolean written = true;
        for (int i = env.size() - 1; i >= 0; i--) {
            strings -= env.get(i).length + 1;
            words[argv.size() + 2 + i] = strings;
            written &= write(memory, strings, env.get(i));
        }
        for (int i = argv.size() - 1; i >= 0; i--) {
            strings -= argv.get(i).length + 1;
            words[1 + i] = strings;
            written &= write(memory, strings, argv.get(i));
        }
        System.arraycopy(AUXILIARY, 0, words, words.length - AUXILIARY.length, AUXILIARY.length);
        byte[] block = LittleEndian.bytes(words);
        long stackPointer = strings - block.length & -STACK_ALIGNMENT;
        written &= memory.copyToUser(null, stackPointer, block.length, block, 0, block.length) == 0;
        return written ? stackPointer : -1;
    }

    /** With its terminator, which is in memory already. */
    private static boolean write(AddressSpace memory, long address, byte[] string) {
        return memory.copyToUser(null, address, string.length, string, 0, string.length) == 0;
    }
}
