// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/**
 * Where in memory the data of a command is: physical region pages (PRP).
 *
 * <ul>
 *   <li>PRP1 may point into the middle of a page, at a multiple of 4; the data begins there and runs to the end of that page.
 *   <li>If the rest fits into one page, PRP2 is the address of that page: a multiple of 4096.
 *   <li>Otherwise PRP2 points to a list of addresses of pages, 8 bytes each; the list itself begins at a multiple of 8, all its entries are multiples of
 *       4096. If it does not end within its page, the last 8 bytes of the page point to where it goes on, at the start of another page.
 * </ul>
 */
public final class PhysicalRegions {
    /** The size of a page in bytes. */
    public static final int PAGE_BYTES = 4096;
    /** The size of an entry of a list in bytes. */
    public static final int ENTRY_BYTES = 8;
    /** How many entries a page of a list has; the last may be the pointer to the next page. */
    public static final int ENTRIES_PER_PAGE = PAGE_BYTES / ENTRY_BYTES;

    private PhysicalRegions() {}
}
