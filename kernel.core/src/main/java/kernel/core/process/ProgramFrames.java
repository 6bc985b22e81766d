// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

/** Where in its own code a program was: what takes the place of the instruction pointer in messages. */
final class ProgramFrames {
    private ProgramFrames() {}

    /** The frame that called the processor, {@code Class.method+line}. */
    static String current() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::toStackTraceElement)
                        .dropWhile(
                                frame -> frame.getClassName().startsWith(ProgramFrames.class.getPackageName() + ".P"))
                        .findFirst()
                        .map(ProgramFrames::describe)
                        .orElse("0"));
    }

    static String top(Throwable failure) {
        StackTraceElement[] frames = failure.getStackTrace();
        return frames.length == 0 ? "0" : describe(frames[0]);
    }

    private static String describe(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.substring(name.lastIndexOf('.') + 1).replace('$', '.') + "." + frame.getMethodName() + "+"
                + frame.getLineNumber();
    }
}
