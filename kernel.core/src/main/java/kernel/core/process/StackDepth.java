// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

/**
 * Keeps a program from entering the kernel with too little stack left. The kernel runs on the program's own Java stack; one that overflowed in the
 * middle of the scheduler would take the machine along. So every so many traps somebody counts the frames, and a program with too many has overflowed
 * its stack before the host's really does.
 *
 * <p>In deterministic mode the stack is that of whoever drives the machine, of the JVM's default size, and traps cost microseconds: there the count is
 * taken often. A processor's own thread has a much larger stack.
 */
final class StackDepth {
    private static final int LIVE_INTERVAL = 1024;
    private static final int LIVE_FRAMES_MAX = 20_000;
    private static final int DETERMINISTIC_INTERVAL = 32;
    private static final int DETERMINISTIC_FRAMES_MAX = 4_000;

    private final int interval;
    private final int framesMax;
    private int left;

    StackDepth(boolean deterministic) {
        interval = deterministic ? DETERMINISTIC_INTERVAL : LIVE_INTERVAL;
        framesMax = deterministic ? DETERMINISTIC_FRAMES_MAX : LIVE_FRAMES_MAX;
        left = interval;
    }

    /**
     * At each trap, in user mode.
     *
     * @throws StackOverflowError there are too many frames
     */
    void check() {
        if (--left <= 0) {
            left = interval;
            count();
        }
    }

    private void count() {
        if (StackWalker.getInstance()
                .walk(frames -> frames.skip(framesMax).findAny())
                .isPresent()) {
            throw new StackOverflowError("more than " + framesMax + " frames");
        }
    }
}
