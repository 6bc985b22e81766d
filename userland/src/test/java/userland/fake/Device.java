// SPDX-License-Identifier: Apache-2.0
package userland.fake;

/** A character device of the fake kernel; answers may be a negative errno in place of a count. */
public interface Device {
    /** A read of so many bytes. */
    int read(byte[] buffer, int count);

    /** A write of so many bytes. */
    int write(byte[] bytes, int count);

    /** Whether it answers TCGETS. */
    default boolean isTerminal() {
        return false;
    }

    /** What came by the ioctl that sets the prompt. */
    default void prompt(String text) {}

    /** What came by TIOCSPGRP. */
    default void foreground(int processGroup) {}
}
