// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.ftl;

import java.util.Arrays;

/**
 * Where each logical page is on flash. The map is in pieces of {@value #PIECE_PAGES} logical pages, each of which fits into one page of flash; a piece costs
 * nothing until something in it is written.
 */
final class PageMap {
    static final int PIECE_PAGES = 1024;
    /** Nowhere: reads as zeros. */
    static final int NONE = -1;
    /** It was somewhere and is lost: reading is an error. */
    static final int LOST = -2;

    private final int pages;
    private final int[][] pieces;
    private final boolean[] undurable;
    private final int[] homes;

    PageMap(int pages) {
        this.pages = pages;
        pieces = new int[(pages + PIECE_PAGES - 1) / PIECE_PAGES][];
        undurable = new boolean[pieces.length];
        homes = new int[pieces.length];
        Arrays.fill(homes, NONE);
    }

    int pages() {
        return pages;
    }

    int pieceCount() {
        return pieces.length;
    }

    static int pieceOf(int page) {
        return page / PIECE_PAGES;
    }

    int get(int page) {
        int[] piece = pieces[page / PIECE_PAGES];
        return piece == null ? NONE : piece[page % PIECE_PAGES];
    }

    void set(int page, int location) {
        int[] piece = pieces[page / PIECE_PAGES];
        if (piece == null) {
            if (location == NONE) {
                return;
            }
            piece = new int[PIECE_PAGES];
            Arrays.fill(piece, NONE);
            pieces[page / PIECE_PAGES] = piece;
        }
        piece[page % PIECE_PAGES] = location;
    }

    /** Whether the piece has never held anything. */
    boolean isBlank(int piece) {
        return pieces[piece] == null;
    }

    /** Whether something in the piece was deallocated, and flash does not know yet. */
    boolean isUndurable(int piece) {
        return undurable[piece];
    }

    void setUndurable(int piece, boolean value) {
        undurable[piece] = value;
    }

    /** The page of flash that holds the piece as it was written last, or {@link #NONE}. */
    int home(int piece) {
        return homes[piece];
    }

    void setHome(int piece, int location) {
        homes[piece] = location;
    }

    void encode(int piece, byte[] page) {
        for (int i = 0; i < PIECE_PAGES; i++) {
            int value = (pieces[piece] == null ? NONE : pieces[piece][i]) + 1;
            for (int j = 0; j < Integer.BYTES; j++) {
                page[i * Integer.BYTES + j] = (byte) (value >>> (Byte.SIZE * j));
            }
        }
    }

    static int decode(byte[] page, int index) {
        int value = 0;
        for (int j = Integer.BYTES - 1; j >= 0; j--) {
            value = (value << Byte.SIZE) | Byte.toUnsignedInt(page[index * Integer.BYTES + j]);
        }
        return value - 1;
    }
}
