// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import java.util.Arrays;
import java.util.stream.Stream;

/** Where in its own code a program was: what takes the place of the instruction pointer in messages. */
final class ProgramFrames {
    private ProgramFrames() {}

    /** The frame that called the processor, {@code Class.method+line}. */
    static String current() {
        return StackWalker.getInstance().walk(frames -> topOf(frames.map(StackWalker.StackFrame::toStackTraceElement)));
    }

    /** The frame of the program in which a failure happened. */
    static String top(Throwable failure) {
        return topOf(Arrays.stream(failure.getStackTrace()));
    }

    private static String topOf(Stream<StackTraceElement> frames) {
        return frames.dropWhile(ProgramFrames::isOurs)
                .findFirst()
                .map(ProgramFrames::describe)
                .orElse("0");
    }

    /** Whether a frame is the processor's, on top of the program. */
    private static boolean isOurs(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.equals(ProgramFrames.class.getName())
                || name.equals(ProgramProcessor.class.getName())
                || name.equals(StackDepth.class.getName());
    }

    private static String describe(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.substring(name.lastIndexOf('.') + 1).replace('$', '.') + "." + frame.getMethodName() + "+"
                + frame.getLineNumber();
    }
}
