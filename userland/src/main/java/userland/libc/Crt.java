// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import java.util.function.Supplier;
import kernel.uapi.Executable;
import kernel.uapi.UserProcessor;

/** The start code of a program (crt0): finds the arguments on the initial stack, calls main, and exits with what it returns. */
public final class Crt implements Executable {
    private static final int FRAMES_SHOWN = 8;

    private final Supplier<? extends Program> program;

    /** @param program makes the program anew for each exec */
    public Crt(Supplier<? extends Program> program) {
        this.program = program;
    }

    @Override
    public void start(UserProcessor processor, long stackPointer) {
        long count = processor.loadLong(stackPointer);
        long argv = stackPointer + 8;
        String name = count > 0 ? CString.load(processor, processor.loadLong(argv)) : "";
        String[] arguments = new String[(int) Math.max(0, count - 1)];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = CString.load(processor, processor.loadLong(argv + 8L * (i + 1)));
        }
        Libc libc = new Libc(processor, baseName(name), argv + 8 * (count + 1));
        run(libc, own -> program.get().main(own, arguments));
    }

    /** Runs the body of a process to its end. Errors pass through: that is how the kernel takes a process off its stack. */
    static void run(Libc libc, Child body) {
        int status;
        try {
            status = body.run(libc);
        } catch (SystemCallException e) {
            libc.warn(e.getMessage());
            status = 1;
        } catch (RuntimeException e) {
            libc.warn(describe(e));
            libc.processes().abort();
            status = 1;
        }
        libc.exit(status);
    }

    private static String describe(RuntimeException exception) {
        StringBuilder text = new StringBuilder("uncaught ").append(exception);
        StackTraceElement[] frames = exception.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, FRAMES_SHOWN); i++) {
            text.append("\n\tat ").append(frames[i]);
        }
        return text.toString();
    }

    private static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
