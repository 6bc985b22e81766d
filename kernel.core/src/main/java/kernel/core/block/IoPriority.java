// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

/** I/O priorities as ioprio_set takes them: a class in the upper bits, a level from 0 (highest) to 7 below (Linux: include/uapi/linux/ioprio.h). */
public final class IoPriority {
    public static final int CLASS_SHIFT = 13;
    public static final int CLASS_NONE = 0;
    public static final int CLASS_REAL_TIME = 1;
    public static final int CLASS_BEST_EFFORT = 2;
    public static final int CLASS_IDLE = 3;
    public static final int LEVELS = 8;
    /** That of whoever has not said anything: best effort, level 4. */
    public static final int NORMAL = CLASS_BEST_EFFORT << CLASS_SHIFT | 4;

    private static final int LEVEL_MASK = 7;

    private IoPriority() {}

    /** Whether it is a class with a level that there is. */
    public static boolean isValid(int priority) {
        int level = priority & (1 << CLASS_SHIFT) - 1;
        return switch (priority >>> CLASS_SHIFT) {
            case CLASS_REAL_TIME, CLASS_BEST_EFFORT -> level < LEVELS;
            case CLASS_IDLE -> true;
            case CLASS_NONE -> level == 0;
            default -> false;
        };
    }

    /** 0 for real time, 1 for best effort, 2 for idle. */
    static int classIndex(int priority) {
        return switch (priority >>> CLASS_SHIFT) {
            case CLASS_REAL_TIME -> 0;
            case CLASS_IDLE -> 2;
            default -> 1;
        };
    }

    /** 8 for the highest level, 1 for the lowest. */
    static int weight(int priority) {
        return priority >>> CLASS_SHIFT == CLASS_NONE ? weight(NORMAL) : LEVELS - (priority & LEVEL_MASK);
    }
}
