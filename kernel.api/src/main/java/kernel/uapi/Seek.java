// SPDX-License-Identifier: Apache-2.0
package kernel.uapi;

/** From where lseek(2) counts. */
public final class Seek {
    public static final int SEEK_SET = 0;
    public static final int SEEK_CUR = 1;
    public static final int SEEK_END = 2;

    private Seek() {}
}
