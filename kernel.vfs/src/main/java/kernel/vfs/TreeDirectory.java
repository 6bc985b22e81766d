// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.FileMode.S_IFDIR;

import java.util.concurrent.ConcurrentHashMap;

/**
 * A directory that keeps its names in memory: a hash for lookups, which take no lock, and the order of making for listings
 * (Linux: fs/libfs.c, simple_offset). Changed under the lock of the {@link FileTree}.
 *
 * <p>A name keeps its position in the listing for life, so that a listing in several calls shows what was there throughout
 * exactly once, whatever else comes and goes.
 */
final class TreeDirectory extends Directory {
    /** What an entry adds to st_size (Linux: BOGO_DIRENT_SIZE of tmpfs). */
    private static final int ENTRY_SIZE_BYTES = 20;

    private final boolean kernelMade;
    private volatile ConcurrentHashMap<String, Dentry> names;
    private volatile boolean dead;
    private volatile int count;
    private volatile int subdirectories;
    private Dentry first;
    private Dentry last;
    private long nextPosition = DirectoryListing.FIRST_POSITION;

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

    /** Enters a dentry under its name, in place of one that may be there, at the end of the order. Under the tree's lock. */
    void enter(Dentry dentry) {
        ConcurrentHashMap<String, Dentry> table = names;
        if (table == null) {
            table = new ConcurrentHashMap<>();
            names = table;
        }
        append(dentry);
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
        if (dentry.previous == null) {
            first = dentry.next;
        } else {
            dentry.previous.next = dentry.next;
        }
        if (dentry.next == null) {
            last = dentry.previous;
        } else {
            dentry.next.previous = dentry.previous;
        }
        dentry.previous = null;
        dentry.next = null;
        setCounts(dentry, -1);
    }

    private void append(Dentry dentry) {
        dentry.position = nextPosition++;
        dentry.previous = last;
        if (last == null) {
            first = dentry;
        } else {
            last.next = dentry;
        }
        last = dentry;
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
        return (long) count * ENTRY_SIZE_BYTES;
    }

    /** Under the tree's lock. */
    @Override
    void list(DirectoryListing listing, long position) {
        Dentry dentry = first;
        while (dentry != null && dentry.position < position) {
            dentry = dentry.next;
        }
        while (dentry != null) {
            Inode inode = dentry.inode();
            if (!listing.add(dentry.name(), inode.number(), inode.type(), dentry.position + 1)) {
                return;
            }
            dentry = dentry.next;
        }
    }
}
