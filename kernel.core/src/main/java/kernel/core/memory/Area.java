// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import hardware.machine.memory.PageTable;

/**
 * A range of user addresses that a process may use, and how (Linux: vm_area_struct).
 *
 * @param start of the first page
 * @param end one above the last byte; a multiple of the page size
 * @param permissions of {@link PageTable}: READ, WRITE, EXECUTE
 * @param shared whether a child writes to the same pages, or the file behind it is written
 * @param mayWrite whether it may be made writable (Linux: VM_MAYWRITE)
 * @param name as in /proc/PID/maps, such as {@code [heap]}; empty for a mapping
 * @param backing the file behind it, or null for an anonymous one
 * @param offset where in the file it begins
 */
record Area(
        long start,
        long end,
        int permissions,
        boolean shared,
        boolean mayWrite,
        String name,
        Backing backing,
        long offset) {
    static Area anonymous(long start, long end, int permissions, boolean shared, String name) {
        return new Area(start, end, permissions, shared, true, name, null, 0);
    }

    boolean contains(long address) {
        return address >= start && address < end;
    }

    boolean overlaps(long from, long to) {
        return start < to && from < end;
    }

    Area between(long from, long to) {
        return new Area(from, to, permissions, shared, mayWrite, name, backing, backing == null ? 0 : offsetOf(from));
    }

    Area withPermissions(int newPermissions) {
        return new Area(start, end, newPermissions, shared, mayWrite, name, backing, offset);
    }

    boolean isWritable() {
        return (permissions & PageTable.WRITE) != 0;
    }

    /** Where in the file an address is. */
    long offsetOf(long address) {
        return offset + (address - start);
    }

    /** {@code rw-p}. */
    String modeText() {
        return ((permissions & PageTable.READ) != 0 ? "r" : "-")
                + (isWritable() ? "w" : "-")
                + ((permissions & PageTable.EXECUTE) != 0 ? "x" : "-")
                + (shared ? "s" : "p");
    }
}
