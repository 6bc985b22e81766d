// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

/**
 * In which group a new inode goes (Linux: fs/ext2/ialloc.c, find_group_orlov and find_group_other; Grigori Orlov's allocator of 4.4BSD). Directories below
 * the root are spread, because what is in one has little to do with the others; further directories and all files stay with their parent while there is room.
 */
final class GroupChoice {
    private static final int NONE = -1;
    /** How much more than its share a group may have before it is full. */
    private static final int DIRECTORIES_PER_GROUP = 16;

    private final Geometry geometry;
    private final GroupDescriptors groups;
    /** Where the search for the next directory below the root begins, so that equal groups take turns. */
    private int turn;

    GroupChoice(Geometry geometry, GroupDescriptors groups) {
        this.geometry = geometry;
        this.groups = groups;
    }

    /** Where a directory goes: the group, or -1 when no group has a free inode. */
    int forDirectory(int parentGroup, boolean spread) {
        int count = geometry.groups();
        long freeInodes = groups.countFreeInodes() / count;
        long freeBlocks = groups.countFreeBlocks() / count;
        long directories = groups.countDirectories();
        int group = spread
                ? emptiest(freeInodes, freeBlocks)
                : near(parentGroup, directories / count, freeInodes, freeBlocks);
        if (group == NONE) {
            group = firstWithInodes(parentGroup, freeInodes);
        }
        return group == NONE ? firstWithInodes(parentGroup, 1) : group;
    }

    private int emptiest(long freeInodes, long freeBlocks) {
        int best = NONE;
        int start = Math.floorMod(turn++, geometry.groups());
        for (int i = 0; i < geometry.groups(); i++) {
            int group = (start + i) % geometry.groups();
            boolean fits = groups.freeInodes(group) > 0
                    && groups.freeInodes(group) >= freeInodes
                    && groups.freeBlocks(group) >= freeBlocks;
            if (fits && (best == NONE || groups.usedDirectories(group) < groups.usedDirectories(best))) {
                best = group;
            }
        }
        return best;
    }

    private int near(int parentGroup, long directories, long freeInodes, long freeBlocks) {
        long directoriesMax = directories + geometry.inodesPerGroup() / DIRECTORIES_PER_GROUP;
        long inodesMin = freeInodes - geometry.inodesPerGroup() / 4;
        long blocksMin = freeBlocks - geometry.blocksPerGroup() / 4;
        for (int i = 0; i < geometry.groups(); i++) {
            int group = (parentGroup + i) % geometry.groups();
            if (groups.freeInodes(group) > 0
                    && groups.usedDirectories(group) < directoriesMax
                    && groups.freeInodes(group) >= inodesMin
                    && groups.freeBlocks(group) >= blocksMin) {
                return group;
            }
        }
        return NONE;
    }

    private int firstWithInodes(int parentGroup, long atLeast) {
        for (int i = 0; i < geometry.groups(); i++) {
            int group = (parentGroup + i) % geometry.groups();
            if (groups.freeInodes(group) >= Math.max(1, atLeast)) {
                return group;
            }
        }
        return NONE;
    }

    /**
     * The directory's own group if it has inodes and blocks; else one found by powers of two, from a place that depends on the directory; else any with an
     * inode.
     *
     * @return the group, or -1 when no group has a free inode
     */
    int forFile(int parentGroup, long directory) {
        if (hasRoom(parentGroup)) {
            return parentGroup;
        }
        int count = geometry.groups();
        int group = (int) ((parentGroup + directory) % count);
        for (int step = 1; step < count; step <<= 1) {
            group = (group + step) % count;
            if (hasRoom(group)) {
                return group;
            }
        }
        return firstWithInodes(parentGroup, 1);
    }

    private boolean hasRoom(int group) {
        return groups.freeInodes(group) > 0 && groups.freeBlocks(group) > 0;
    }
}
