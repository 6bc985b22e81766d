// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ESTALE;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileSystemException;
import kernel.uapi.Errno;

/**
 * A directory on a disk. Names that were looked up are kept, also those that do not exist, so that a lookup asks the disk once; it takes no lock unless
 * it has to ask (Linux: the dcache).
 */
final class DiskDirectory extends Directory {
    private static final int TYPE_SHIFT = 12;
    /** As many names as are kept; then the ones that do not exist are forgotten. */
    private static final int NAMES_KEPT = 4096;

    /** A name that does not exist. */
    private static final Object NONE = new Object();

    private final ConcurrentMap<String, Object> names = new ConcurrentHashMap<>();
    private volatile boolean dead;

    DiskDirectory(DiskFileSystem fileSystem, long number, Birth birth) {
        super(fileSystem, number, birth);
    }

    @Override
    Dentry lookup(Dentry self, String name) {
        return names.get(name) instanceof Dentry dentry ? dentry : null;
    }

    @Override
    Dentry lookup(ProcessContext context, Dentry self, String name) {
        Object known = names.get(name);
        if (known != null) {
            return known instanceof Dentry dentry ? dentry : null;
        }
        disk().mutex().lock(context);
        try {
            return lookupLocked(context, self, name);
        } finally {
            disk().mutex().unlock(context);
        }
    }

    /** As {@link #lookup(ProcessContext, Dentry, String)}, with the directory's mutex held. */
    Dentry lookupLocked(ProcessContext context, Dentry self, String name) {
        Object known = names.get(name);
        if (known != null) {
            return known instanceof Dentry dentry ? dentry : null;
        }
        if (disk().isEvicted()) {
            throw new FileSystemException(ESTALE, label());
        }
        if (dead) {
            return null;
        }
        DiskFileSystem fileSystem = disk().fileSystem();
        byte[] bytes = name.getBytes(UTF_8);
        if (bytes.length > fileSystem.maxNameBytes()) {
            throw new FileSystemException(Errno.ENAMETOOLONG, label());
        }
        long number = disk().withNodeLong(context, () -> disk().node().lookup(context, bytes));
        if (number == -ENOENT) {
            keepNone(name);
            return null;
        }
        if (number < 0) {
            throw new FileSystemException((int) -number, label());
        }
        Inode inode = fileSystem.inode(context, number);
        if (inode instanceof Directory && inode.is(this)) {
            throw new FileSystemException(EIO, label() + " contains itself");
        }
        return enter(self, name, inode);
    }

    private void keepNone(String name) {
        if (names.size() >= NAMES_KEPT) {
            names.values().removeIf(value -> !(value instanceof Dentry));
        }
        names.put(name, NONE);
    }

    /** Enters a name that is on the disk. With the mutex held. */
    Dentry enter(Dentry self, String name, Inode inode) {
        Dentry dentry = new Dentry(name, self, inode);
        dentry.setLinked(true);
        names.put(name, dentry);
        return dentry;
    }

    /** Takes over a dentry that was moved here. With the mutex held. */
    void enter(Dentry dentry) {
        names.put(dentry.name(), dentry);
    }

    /** The name is not on the disk any more. With the mutex held. */
    void remove(String name) {
        if (names.get(name) instanceof Dentry dentry && dentry.name().equals(name)) {
            dentry.setLinked(false);
        }
        names.put(name, NONE);
    }

    /** The name leads elsewhere now, and its dentry is not in the tree any more. With the mutex held. */
    void forget(String name) {
        names.remove(name);
    }

    @Override
    boolean isChangeable() {
        return true;
    }

    @Override
    boolean isDead() {
        return dead;
    }

    /** The directory is no more. With its mutex held. */
    void kill() {
        dead = true;
    }

    @Override
    long sizeBytes() {
        return disk().sizeBytes();
    }

    @Override
    long blocks() {
        return disk().sectors();
    }

    @Override
    void list(DirectoryListing listing, long position) {
        throw new IllegalStateException("a directory on a disk is listed in process context");
    }

    /** Lists on from a position that the file system gave, {@code .} and {@code ..} included. May sleep. 0 or a negative errno. */
    int list(ProcessContext context, DirectoryListing listing, long position) {
        disk().mutex().lock(context);
        try {
            if (dead) {
                return -ENOENT;
            }
            return disk().withNode(
                            context,
                            () -> disk().node()
                                    .list(
                                            context,
                                            position,
                                            (name, offset, length, number, type, next) -> listing.add(
                                                    name, offset, length, number, type << TYPE_SHIFT, next)));
        } finally {
            disk().mutex().unlock(context);
        }
    }
}
