// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

/** A part of a bio that fits into one request; most bios have one (Linux: what bio_split makes). Lives with its bio and is used again. */
final class Fragment {
    final BlockBio bio;
    /** Of the whole disk. */
    long sector;

    long bytes;
    /** Its first piece of memory, the place in it, and how many pieces of a list it makes when neighbours are joined. */
    int firstPiece;

    int firstOffset;
    int segments;
    /** Where its memory begins and ends, to see what can be joined to it; 0 for what has no data. */
    long firstAddress;

    long endAddress;
    /** The next one of the same request. */
    Fragment next;

    Fragment(BlockBio bio) {
        this.bio = bio;
    }

    long endSector() {
        return sector + (bytes >>> GenericDisk.SECTOR_SHIFT);
    }
}
