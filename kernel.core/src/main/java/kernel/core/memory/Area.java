// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import hardware.machine.memory.PageTable;

/**
 * A range of user addresses that a process may use, and how (Linux: vm_area_struct).
 *
 * @param start of the first page
 * @param end one above the last byte; a multiple of the page size
 * @param permissions of {@link PageTable}: READ, WRITE, EXECUTE
 * @param shared whether a child writes to the same pages
 * @param name as in /proc/PID/maps, such as {@code [heap]}; empty for an anonymous mapping
 */
record Area(long start, long end, int permissions, boolean shared, String name) {
    boolean contains(long address) {
        return address >= start && address < end;
    }

    boolean overlaps(long from, long to) {
        return start < to && from < end;
    }

    Area between(long from, long to) {
        return new Area(from, to, permissions, shared, name);
    }

    Area withPermissions(int newPermissions) {
        return new Area(start, end, newPermissions, shared, name);
    }

    boolean isWritable() {
        return (permissions & PageTable.WRITE) != 0;
    }

    /** {@code rw-p}. */
    String modeText() {
        return ((permissions & PageTable.READ) != 0 ? "r" : "-")
                + (isWritable() ? "w" : "-")
                + ((permissions & PageTable.EXECUTE) != 0 ? "x" : "-")
                + (shared ? "s" : "p");
    }
}
