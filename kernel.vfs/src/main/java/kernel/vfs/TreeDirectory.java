// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.FileMode.S_IFDIR;

import java.util.concurrent.ConcurrentHashMap;

/**
 * A directory that keeps its names in memory: a hash for lookups, which take no lock, and the order of making for listings,
 * newest first (Linux: fs/libfs.c, simple_offset). Changed under the lock of the {@link FileTree}.
 *
 * <p>A name keeps its position in the listing for life. So a listing in several calls shows what was there throughout exactly
 * once, whatever else comes and goes; and as it goes backwards, who renames each file that it shows comes to an end.
 */
final class TreeDirectory extends Directory {
    /** What an entry adds to st_size, the two that each directory has included (Linux: BOGO_DIRENT_SIZE of tmpfs). */
    private static final int ENTRY_SIZE_BYTES = 20;

    private final boolean kernelMade;
    private volatile ConcurrentHashMap<String, Dentry> names;
    private volatile boolean dead;
    private volatile int count;
    private volatile int subdirectories;
    private Dentry newest;
    private long nextPosition = DirectoryListing.FIRST_POSITION + 1;

    /** @param kernelMade it goes when the last device node in it goes (Linux: devtmpfs) */
    TreeDirectory(FileSystem fileSystem, Birth birth, boolean kernelMade) {
        super(fileSystem, fileSystem.nextInodeNumber(), birth);
        this.kernelMade = kernelMade;
    }

    @Override
    Dentry lookup(Dentry self, String name) {
        return lookup(name);
    }

    Dentry lookup(String name) {
        ConcurrentHashMap<String, Dentry> table = names;
        return table == null ? null : table.get(name);
    }

    /** Enters a dentry under its name, in place of one that may be there, as the newest of the order. Under the tree's lock. */
    void enter(Dentry dentry) {
        ConcurrentHashMap<String, Dentry> table = names;
        if (table == null) {
            table = new ConcurrentHashMap<>();
            names = table;
        }
        prepend(dentry);
        dentry.setLinked(true);
        Dentry replaced = table.put(dentry.name(), dentry);
        if (replaced != null) {
            detach(replaced);
            replaced.setLinked(false);
        }
    }

    /** Takes a dentry out. Under the tree's lock. */
    void remove(Dentry dentry) {
        names.remove(dentry.name(), dentry);
        detach(dentry);
        dentry.setLinked(false);
    }

    /** Takes out a dentry that has another name by now, and is in its place. Under the tree's lock. */
    void forget(String name, Dentry dentry) {
        names.remove(name, dentry);
    }

    /** Takes a dentry out of the order while it stays to be found, on its way to another place. Under the tree's lock. */
    void detach(Dentry dentry) {
        if (dentry.newer == null) {
            newest = dentry.older;
        } else {
            dentry.newer.older = dentry.older;
        }
        if (dentry.older != null) {
            dentry.older.newer = dentry.newer;
        }
        dentry.newer = null;
        dentry.older = null;
        setCounts(dentry, -1);
    }

    private void prepend(Dentry dentry) {
        dentry.position = nextPosition++;
        dentry.older = newest;
        if (newest != null) {
            newest.newer = dentry;
        }
        newest = dentry;
        setCounts(dentry, 1);
    }

    private void setCounts(Dentry dentry, int difference) {
        int entries = count;
        count = entries + difference;
        if (dentry.inode().type() == S_IFDIR) {
            int directories = subdirectories;
            subdirectories = directories + difference;
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    boolean isKernelMade() {
        return kernelMade;
    }

    @Override
    boolean isChangeable() {
        return true;
    }

    @Override
    boolean isDead() {
        return dead;
    }

    /** The directory is no more: nothing is entered from now on. Under the tree's lock. */
    void kill() {
        dead = true;
    }

    @Override
    int links() {
        return dead ? 0 : 2 + subdirectories;
    }

    @Override
    long sizeBytes() {
        return (2L + count) * ENTRY_SIZE_BYTES;
    }

    /** The position after an entry is the entry's own: on from there are the older ones. Under the tree's lock. */
    @Override
    void list(DirectoryListing listing, long position) {
        Dentry dentry = newest;
        while (position > DirectoryListing.FIRST_POSITION && dentry != null && dentry.position >= position) {
            dentry = dentry.older;
        }
        while (dentry != null) {
            Inode inode = dentry.inode();
            if (!listing.add(dentry.name(), inode.number(), inode.type(), dentry.position)) {
                return;
            }
            dentry = dentry.older;
        }
    }
}
