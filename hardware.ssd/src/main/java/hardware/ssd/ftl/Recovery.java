// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.ftl;

import hardware.ssd.nand.Nand;
import hardware.ssd.nand.Spare;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the map again by reading all spare areas: of each logical page the version with the largest sequence number counts, unless a piece of the map was
 * written after it, which then says where the page is, or that it is nowhere.
 *
 * <p>Only the last page that was programmed in a block since the device was switched on can be torn, so only the checksums of such pages are looked at. A
 * page with a wrong checksum that another page of the same time calls completed is not torn but damaged: it stays in the map, and reading it is an error.
 */
final class Recovery {
    private final Nand nand;
    private final PageMap map;
    private final long[] newest;
    private final long[] pieceSequence;
    private final Map<Integer, Long> completedOfEpoch = new HashMap<>();
    private int stateHome = PageMap.NONE;
    private long stateSequence;
    private long lastSequence;
    private int lastEpoch;
    private int tornPages;

    Recovery(Nand nand, int logicalPages) {
        this.nand = nand;
        map = new PageMap(logicalPages);
        pieceSequence = new long[map.pieceCount()];
        boolean blank = true;
        for (int block = 0; block < nand.geometry().blocks(); block++) {
            blank &= nand.programmedPages(block) == 0;
        }
        newest = new long[blank ? 0 : logicalPages];
        if (!blank) {
            scan(this::survey);
            scan(this::findPieces);
            for (int piece = 0; piece < map.pieceCount(); piece++) {
                readPiece(piece);
            }
            scan(this::findPages);
        }
    }

    PageMap map() {
        return map;
    }

    int stateHome() {
        return stateHome;
    }

    long lastSequence() {
        return lastSequence;
    }

    int lastEpoch() {
        return lastEpoch;
    }

    int tornPages() {
        return tornPages;
    }

    /** Tells what became of every block. */
    void fill(BlockTable blocks, Frontiers frontiers, boolean clean) {
        blocks.reset();
        frontiers.reset();
        for (int page = 0; page < newest.length; page++) {
            count(blocks, map.get(page));
        }
        for (int piece = 0; piece < map.pieceCount(); piece++) {
            count(blocks, map.home(piece));
        }
        count(blocks, stateHome);
        for (int block = 0; block < blocks.count(); block++) {
            int programmed = nand.programmedPages(block);
            if (blocks.state(block) == BlockTable.BAD) {
                continue;
            }
            if (programmed == 0) {
                blocks.setUnproven(block, !clean);
            } else if (programmed < nand.geometry().pagesPerBlock() && blocks.valid(block) > 0) {
                frontiers.resume(block);
            } else {
                blocks.setState(block, BlockTable.CLOSED);
            }
        }
    }

    private void count(BlockTable blocks, int location) {
        if (location >= 0) {
            blocks.addValid(nand.geometry().blockOfPage(location), 1);
        }
    }

    /** What is done with a page whose spare area can be read. */
    private interface Visitor {
        void visit(int page, boolean lastOfEpoch);
    }

    private void scan(Visitor visitor) {
        for (int block = 0; block < nand.geometry().blocks(); block++) {
            int first = nand.geometry().firstPage(block);
            int previous = -1;
            for (int page = first; page < first + nand.programmedPages(block); page++) {
                if (nand.isSpareIntact(page)) {
                    if (previous >= 0) {
                        visitor.visit(previous, nand.epoch(previous) != nand.epoch(page));
                    }
                    previous = page;
                }
            }
            if (previous >= 0) {
                visitor.visit(previous, true);
            }
        }
    }

    private void survey(int page, boolean lastOfEpoch) {
        lastSequence = Math.max(lastSequence, nand.sequence(page));
        lastEpoch = Math.max(lastEpoch, nand.epoch(page));
        completedOfEpoch.merge(nand.epoch(page), nand.completed(page), Math::max);
    }

    private boolean isTorn(int page, boolean lastOfEpoch) {
        return lastOfEpoch && nand.sequence(page) > completedOfEpoch.get(nand.epoch(page)) && !nand.isDataIntact(page);
    }

    private void findPieces(int page, boolean lastOfEpoch) {
        int kind = nand.kind(page);
        if (isTorn(page, lastOfEpoch)) {
            tornPages++;
            return;
        }
        long sequence = nand.sequence(page);
        if (kind == Spare.STATE && sequence > stateSequence) {
            stateHome = page;
            stateSequence = sequence;
        } else if (kind == Spare.MAP && sequence > pieceSequence[(int) nand.key(page)]) {
            pieceSequence[(int) nand.key(page)] = sequence;
            map.setHome((int) nand.key(page), page);
        }
    }

    private void readPiece(int piece) {
        int home = map.home(piece);
        if (home < 0) {
            return;
        }
        byte[] data = null;
        for (int attempt = 0; data == null && attempt < 8; attempt++) {
            data = nand.read(home);
        }
        int first = piece * PageMap.PIECE_PAGES;
        int count = Math.min(PageMap.PIECE_PAGES, map.pages() - first);
        for (int i = 0; i < count; i++) {
            int location = data == null ? PageMap.LOST : PageMap.decode(data, i);
            boolean stillThere = location < 0 || holds(location, first + i);
            map.set(first + i, stillThere ? location : PageMap.LOST);
            newest[first + i] = pieceSequence[piece];
        }
    }

    private boolean holds(int location, int page) {
        int kind = nand.kind(location);
        return (kind == Spare.DATA || kind == Spare.LOST) && nand.isSpareIntact(location) && nand.key(location) == page;
    }

    private void findPages(int page, boolean lastOfEpoch) {
        int kind = nand.kind(page);
        if (kind == Spare.DATA || kind == Spare.LOST) {
            int logical = (int) nand.key(page);
            if (nand.sequence(page) > newest[logical] && !isTorn(page, lastOfEpoch)) {
                newest[logical] = nand.sequence(page);
                map.set(logical, page);
            }
        }
    }
}
