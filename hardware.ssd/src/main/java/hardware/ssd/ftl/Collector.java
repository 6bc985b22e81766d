// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.ftl;

import hardware.ssd.nand.Nand;
import hardware.ssd.nand.NandGeometry;
import hardware.ssd.nand.Spare;
import java.util.Arrays;

/** Garbage collection, greedy; wear levelling; and the emptying of blocks that fail. */
final class Collector {
    /** By how many cycles a block may lag behind before what is in it is moved, so that it takes part in wear again. */
    private static final int WEAR_SPREAD = 8;

    private final FlashStore store;
    private final Nand nand;
    private final BlockTable blocks;
    /** No block was less worn than this when it was looked for last. */
    private int leastWear;

    Collector(FlashStore store) {
        this.store = store;
        nand = store.nand;
        blocks = store.blocks;
    }

    /** Sees to it that the host can open a block. */
    void makeRoom() {
        retireFailing();
        while (blocks.free() <= Provision.RESERVE) {
            int victim = blocks.cheapest();
            if (victim < 0 || blocks.valid(victim) >= nand.geometry().pagesPerBlock() || !collect(victim)) {
                return;
            }
            store.state().blocksCollected++;
            level(victim);
        }
    }

    /** Empties blocks of which a page could not be programmed, and marks them bad. */
    void retireFailing() {
        for (int block = store.frontiers().nextFailing();
                block >= 0;
                block = store.frontiers().nextFailing()) {
            if (!evacuate(block)) {
                return;
            }
            blocks.markBad(block);
            store.frontiers().failingIsEmpty();
        }
    }

    /** Moves the least worn block if it lags behind the one just erased. */
    private void level(int erased) {
        int worn = nand.cycles(erased);
        if (worn - leastWear <= WEAR_SPREAD) {
            return;
        }
        int coldest = blocks.coldest();
        if (coldest < 0) {
            return;
        }
        leastWear = nand.cycles(coldest);
        if (worn - leastWear > WEAR_SPREAD && blocks.free() > 1 && collect(coldest)) {
            store.state().blocksLevelled++;
        }
    }

    private boolean collect(int block) {
        if (!evacuate(block)) {
            return false;
        }
        if (nand.erase(block, store.latestEnd())) {
            store.erasedUntil(nand.endNanos());
            blocks.setUnproven(block, false);
            blocks.setState(block, BlockTable.FREE);
        } else {
            blocks.markBad(block);
        }
        return true;
    }

    /** Moves all that counts out of a block, and sees to it that nothing is missed of the rest; false when there is no room. */
    private boolean evacuate(int block) {
        int first = nand.geometry().firstPage(block);
        int end = first + nand.programmedPages(block);
        for (int location = first; location < end; location++) {
            if (store.isCurrent(location)) {
                if (!move(location)) {
                    return false;
                }
            } else {
                int piece = store.pieceBefore(location);
                if (piece >= 0 && !store.writePiece(piece, true)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean move(int location) {
        int kind = nand.kind(location);
        long key = nand.key(location);
        store.state().pagesMoved++;
        if (kind == Spare.MAP) {
            return store.writePiece((int) key, true);
        }
        byte[] copy = store.pool.take();
        long readEnd = nand.reserveRead(location, 0);
        byte[] data = kind == Spare.LOST ? null : store.readLocation(location, true);
        if (data == null) {
            Arrays.fill(copy, (byte) 0);
            kind = kind == Spare.DATA ? Spare.LOST : kind;
        } else {
            System.arraycopy(data, 0, copy, 0, NandGeometry.PAGE_BYTES);
        }
        if (store.program(true, kind, key, copy, readEnd) < 0) {
            store.pool.give(copy);
            return false;
        }
        return true;
    }
}
