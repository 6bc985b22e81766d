// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.registers.IdentifyNamespace;

/** A range of logical pages that software sees as a disk. Guarded by the firmware's lock. */
final class Namespace {
    private static final int LOG2_512 = 9;
    private static final int LOG2_4096 = 12;

    final int id;
    final int firstPage;
    final int pages;
    private final long bytes;
    private int format;
    boolean attached = true;

    /** @param bytes its size; the last page may be cut off */
    Namespace(int id, int firstPage, int pages, long bytes, int format) {
        this.id = id;
        this.firstPage = firstPage;
        this.pages = pages;
        this.bytes = bytes;
        this.format = format;
    }

    int format() {
        return format;
    }

    void setFormat(int newFormat) {
        format = newFormat;
    }

    /** log2 of the size of a block. */
    int blockShift() {
        return format == IdentifyNamespace.FORMAT_4096 ? LOG2_4096 : LOG2_512;
    }

    long blocks() {
        return bytes >>> blockShift();
    }
}
