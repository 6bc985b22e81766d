// SPDX-License-Identifier: Apache-2.0
package kernel.core.failure;

import java.util.ArrayList;
import java.util.List;

/** The Java frames of kernel and driver code between a fault and the trap, as Linux would write them. */
final class CallTrace {
    /** A frame of this method ends the trace: below it is the program. */
    private static final String TRAP_CLASS = "kernel.core.process.ProgramProcessor";

    private static final String TRAP_METHOD = "trap";
    private static final String MACHINERY = "kernel.core.execution.Task";
    private static final int MAX_FRAMES = 32;

    private final FaultListener modules;
    private final List<StackTraceElement> frames;

    CallTrace(FaultListener modules, StackTraceElement[] stack) {
        this.modules = modules;
        frames = new ArrayList<>();
        for (StackTraceElement frame : stack) {
            boolean trap = frame.getClassName().equals(TRAP_CLASS)
                    && frame.getMethodName().equals(TRAP_METHOD);
            boolean machinery = frame.getClassName().equals(MACHINERY)
                    && frame.getMethodName().equals("run");
            if (trap || machinery || frames.size() == MAX_FRAMES) {
                break;
            }
            frames.add(frame);
        }
    }

    /** The frames, one a line, without those that only report. */
    List<String> lines() {
        return frames.stream().map(frame -> " " + describe(frame)).toList();
    }

    /** Where it happened: the first frame that is not the Java library's. */
    StackTraceElement instruction() {
        for (StackTraceElement frame : frames) {
            if (!isLibrary(frame)) {
                return frame;
            }
        }
        return frames.isEmpty() ? new StackTraceElement("unknown", "unknown", null, 0) : frames.getFirst();
    }

    /** The innermost module on the stack, or null. */
    String module() {
        for (StackTraceElement frame : frames) {
            String module = modules.moduleOf(frame);
            if (module != null) {
                return module;
            }
        }
        return null;
    }

    /** {@code Class.method+line [module]}. */
    String describe(StackTraceElement frame) {
        String className = frame.getClassName();
        StringBuilder text = new StringBuilder(
                        className.substring(className.lastIndexOf('.') + 1).replace('$', '.'))
                .append('.')
                .append(frame.getMethodName());
        if (frame.getLineNumber() > 0) {
            text.append('+').append(frame.getLineNumber());
        }
        String module = modules.moduleOf(frame);
        if (module != null) {
            text.append(" [").append(module).append(']');
        }
        return text.toString();
    }

    private static boolean isLibrary(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.startsWith("java.") || name.startsWith("jdk.");
    }
}
