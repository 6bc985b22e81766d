// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

/** Arrays of one page, used again and again, so that a write allocates nothing. Guarded by the firmware's lock. */
public final class PagePool {
    private final byte[][] free;
    private int size;

    /** Keeps up to that many; more are left to the collector. */
    public PagePool(int most) {
        free = new byte[most][];
    }

    /** A page with anything in it. */
    public byte[] take() {
        if (size == 0) {
            return new byte[NandGeometry.PAGE_BYTES];
        }
        byte[] page = free[--size];
        free[size] = null;
        return page;
    }

    public void give(byte[] page) {
        if (size < free.length) {
            free[size++] = page;
        }
    }
}
