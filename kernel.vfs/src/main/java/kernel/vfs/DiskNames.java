// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EEXIST;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EISDIR;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOTDIR;
import static kernel.uapi.Errno.ENOTEMPTY;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.Errno.EROFS;
import static kernel.uapi.Errno.ESTALE;
import static kernel.uapi.Errno.EXDEV;

import java.util.function.IntSupplier;
import kernel.api.fs.FileAttributes;
import kernel.api.fs.FileSystemException;
import kernel.core.fs.UserProcess;

/**
 * Changes of names on a disk (Linux: the vfs_ functions of fs/namei.c). Each holds the mutexes of the directories that it changes and may sleep; the checks
 * and their order are those of the {@link FileTree}.
 *
 * <p>Of two directories the one above comes first, else the one with the lower number; while a name moves from one to the other, no other does in that
 * file system, so that above and below stay what they are (Linux: lock_rename).
 */
final class DiskNames {
    private final FileTree tree;

    DiskNames(FileTree tree) {
        this.tree = tree;
    }

    private static DiskDirectory directory(Place parent) {
        return (DiskDirectory) parent.dentry().directory();
    }

    /** As {@link FileTree#make}. */
    FileTree.Made make(UserProcess process, Place parent, String name, NewFile wanted, boolean hold) {
        DiskDirectory directory = directory(parent);
        directory.disk().mutex().lock(process);
        try {
            int error = checkParent(directory);
            if (error == 0 && directory.lookupLocked(process, parent.dentry(), name) != null) {
                error = -EEXIST;
            }
            if (error == 0 && parent.mount().isReadOnly()) {
                error = -EROFS;
            }
            if (error == 0) {
                error = NameRules.mayMake(process, directory);
            }
            if (error == 0 && wanted.isDevice() && process.uid() != 0) {
                error = -EPERM;
            }
            if (error != 0) {
                return FileTree.Made.failed(error);
            }
            long number = create(process, directory, name, wanted);
            if (number < 0) {
                return FileTree.Made.failed((int) number);
            }
            Inode inode = directory.disk().fileSystem().inode(process, number);
            directory.enter(parent.dentry(), name, inode);
            touched(directory);
            if (hold) {
                inode.disk().hold();
            }
            return new FileTree.Made(0, inode);
        } catch (FileSystemException e) {
            return FileTree.Made.failed(-e.errno());
        } finally {
            directory.disk().mutex().unlock(process);
        }
    }

    private static long create(UserProcess process, DiskDirectory directory, String name, NewFile wanted) {
        FileAttributes attributes = new FileAttributes();
        Inode.Birth birth = wanted.birth();
        attributes.mode = birth.mode();
        attributes.user = birth.user();
        attributes.group = birth.group();
        attributes.accessedNanos = birth.nanos();
        attributes.modifiedNanos = birth.nanos();
        attributes.changedNanos = birth.nanos();
        attributes.deviceNumber = wanted.device();
        byte[] bytes = name.getBytes(UTF_8);
        return directory
                .disk()
                .withNodeLong(
                        process,
                        () -> wanted.target() == null
                                ? directory.disk().node().create(process, bytes, attributes)
                                : directory
                                        .disk()
                                        .node()
                                        .symlink(process, bytes, wanted.target().getBytes(UTF_8), attributes));
    }

    private static int checkParent(DiskDirectory directory) {
        if (directory.disk().isEvicted()) {
            return -ESTALE;
        }
        return directory.isDead() ? -ENOENT : 0;
    }

    private void touched(DiskDirectory directory) {
        directory.disk().refreshLinks();
        directory.modified(tree.now());
    }

    /** As {@link FileTree#link}. */
    int link(UserProcess process, Place old, Place parent, String name) {
        DiskDirectory directory = directory(parent);
        Inode inode = old.inode();
        directory.disk().mutex().lock(process);
        try {
            int error = checkParent(directory);
            if (error == 0 && directory.lookupLocked(process, parent.dentry(), name) != null) {
                error = -EEXIST;
            }
            if (error == 0 && old.mount() != parent.mount()) {
                error = -EXDEV;
            }
            if (error == 0 && parent.mount().isReadOnly()) {
                error = -EROFS;
            }
            if (error == 0) {
                error = NameRules.mayMake(process, directory);
            }
            if (error == 0 && inode instanceof Directory) {
                error = -EPERM;
            }
            if (error == 0 && (inode.disk().isEvicted() || inode.links() == 0)) {
                error = -ENOENT;
            }
            if (error != 0) {
                return error;
            }
            error = change(
                    process,
                    directory,
                    inode,
                    () -> directory
                            .disk()
                            .node()
                            .link(process, name.getBytes(UTF_8), inode.disk().node()));
            if (error == 0) {
                directory.enter(parent.dentry(), name, inode);
                inode.changed(tree.now());
            }
            return error;
        } catch (FileSystemException e) {
            return -e.errno();
        } finally {
            directory.disk().mutex().unlock(process);
        }
    }

    /** Calls the file system for a change of a name in a directory and of the links of a file. */
    private int change(UserProcess process, DiskDirectory directory, Inode file, IntSupplier call) {
        int error = directory.disk().withNode(process, () -> file.disk().withNode(process, call));
        if (error == 0) {
            file.disk().refreshLinks();
            touched(directory);
        }
        return error;
    }

    /** As {@link FileTree#unlink} and {@link FileTree#removeDirectory}. */
    int remove(UserProcess process, Place parent, String name, boolean slashes, boolean asDirectory) {
        DiskDirectory directory = directory(parent);
        if (parent.mount().isReadOnly()) {
            return -EROFS;
        }
        Inode removed = null;
        directory.disk().mutex().lock(process);
        try {
            int error = checkParent(directory);
            if (error != 0) {
                return error;
            }
            Dentry dentry = directory.lookupLocked(process, parent.dentry(), name);
            if (dentry == null) {
                return -ENOENT;
            }
            if (slashes && !asDirectory) {
                return dentry.directory() != null ? -EISDIR : -ENOTDIR;
            }
            error = NameRules.mayDelete(process, directory, dentry, asDirectory);
            if (error == 0 && dentry.mounted() != null) {
                error = -EBUSY;
            }
            if (error == 0) {
                error = asDirectory
                        ? removeDirectory(process, directory, name, dentry)
                        : change(
                                process,
                                directory,
                                dentry.inode(),
                                () -> directory
                                        .disk()
                                        .node()
                                        .unlink(
                                                process,
                                                name.getBytes(UTF_8),
                                                dentry.inode().disk().node()));
            }
            if (error != 0) {
                return error;
            }
            directory.remove(name);
            removed = dentry.inode();
            removed.changed(tree.now());
            return 0;
        } catch (FileSystemException e) {
            return -e.errno();
        } finally {
            directory.disk().mutex().unlock(process);
            if (removed != null) {
                removed.disk().evictIfUnused(process);
            }
        }
    }

    /** Nobody makes anything in it meanwhile. */
    private int removeDirectory(UserProcess process, DiskDirectory parent, String name, Dentry dentry) {
        DiskDirectory victim = (DiskDirectory) dentry.directory();
        victim.disk().mutex().lock(process);
        try {
            int error = change(
                    process,
                    parent,
                    victim,
                    () -> parent.disk()
                            .node()
                            .rmdir(process, name.getBytes(UTF_8), victim.disk().node()));
            if (error == 0) {
                victim.kill();
            }
            return error;
        } finally {
            victim.disk().mutex().unlock(process);
        }
    }

    /** As {@link FileTree#rename}. */
    int rename(UserProcess process, FileTree.Name from, FileTree.Name to) {
        DiskDirectory source = directory(from.parent());
        DiskDirectory target = directory(to.parent());
        if (from.parent().mount().isReadOnly()) {
            return -EROFS;
        }
        DiskFileSystem fileSystem = source.disk().fileSystem();
        boolean same = source.is(target);
        Inode[] replaced = new Inode[1];
        if (!same) {
            fileSystem.renameMutex().lock(process);
        }
        DiskDirectory first = !same && comesFirst(to.directory(), from.directory()) ? target : source;
        DiskDirectory second = same ? null : first.is(source) ? target : source;
        first.disk().mutex().lock(process);
        if (second != null) {
            second.disk().mutex().lock(process);
        }
        try {
            return renameLocked(process, from, to, replaced);
        } catch (FileSystemException e) {
            return -e.errno();
        } finally {
            if (second != null) {
                second.disk().mutex().unlock(process);
            }
            first.disk().mutex().unlock(process);
            if (!same) {
                fileSystem.renameMutex().unlock(process);
            }
            if (replaced[0] != null) {
                replaced[0].disk().evictIfUnused(process);
            }
        }
    }

    private static boolean comesFirst(Dentry one, Dentry other) {
        if (other.isBelowOrAt(one)) {
            return true;
        }
        return !one.isBelowOrAt(other) && one.inode().number() < other.inode().number();
    }

    private int renameLocked(UserProcess process, FileTree.Name from, FileTree.Name to, Inode[] replaced) {
        DiskDirectory oldDirectory = directory(from.parent());
        DiskDirectory newDirectory = directory(to.parent());
        if (oldDirectory.disk().isEvicted() || newDirectory.disk().isEvicted()) {
            return -ESTALE;
        }
        Dentry source =
                oldDirectory.isDead() ? null : oldDirectory.lookupLocked(process, from.directory(), from.name());
        if (source == null || newDirectory.isDead()) {
            return -ENOENT;
        }
        if (source.directory() == null && (from.slashes() || to.slashes())) {
            return -ENOTDIR;
        }
        if (to.directory().isBelowOrAt(source)) {
            return -EINVAL;
        }
        Dentry target = newDirectory.lookupLocked(process, to.directory(), to.name());
        if (target != null && from.directory().isBelowOrAt(target)) {
            return -ENOTEMPTY;
        }
        if (target != null && target.inode().is(source.inode())) {
            return 0;
        }
        int error = NameRules.mayRename(process, from, source, to, target);
        if (error != 0) {
            return error;
        }
        DiskDirectory victim = target != null && target.directory() instanceof DiskDirectory found ? found : null;
        if (victim != null) {
            victim.disk().mutex().lock(process);
        }
        try {
            error = move(process, from, to, source, target);
            if (error == 0 && victim != null) {
                victim.kill();
            }
        } finally {
            if (victim != null) {
                victim.disk().mutex().unlock(process);
            }
        }
        if (error == 0 && target != null) {
            replaced[0] = target.inode();
        }
        return error;
    }

    private int move(UserProcess process, FileTree.Name from, FileTree.Name to, Dentry source, Dentry target) {
        DiskDirectory oldDirectory = directory(from.parent());
        DiskDirectory newDirectory = directory(to.parent());
        int error = withNodes(
                process,
                source,
                target,
                oldDirectory,
                newDirectory,
                () -> oldDirectory
                        .disk()
                        .node()
                        .rename(
                                process,
                                from.name().getBytes(UTF_8),
                                source.inode().disk().node(),
                                newDirectory.disk().node(),
                                to.name().getBytes(UTF_8),
                                target == null ? null : target.inode().disk().node()));
        if (error != 0) {
            return error;
        }
        tree.moved(() -> {
            oldDirectory.remove(from.name());
            if (target != null) {
                newDirectory.remove(to.name());
            }
            source.move(to.directory(), to.name());
            source.setLinked(true);
            newDirectory.enter(source);
        });
        touched(oldDirectory);
        touched(newDirectory);
        source.inode().changed(tree.now());
        if (target != null) {
            target.inode().disk().refreshLinks();
            target.inode().changed(tree.now());
        }
        return 0;
    }

    /** Locks all whose objects in the file system change, each once: directories first. */
    private static int withNodes(
            UserProcess process,
            Dentry source,
            Dentry target,
            DiskDirectory oldDirectory,
            DiskDirectory newDirectory,
            IntSupplier call) {
        IntSupplier withSource = () -> source.inode().disk().withNode(process, call);
        IntSupplier withFiles =
                target == null ? withSource : () -> target.inode().disk().withNode(process, withSource);
        IntSupplier withNew = newDirectory.is(oldDirectory)
                ? withFiles
                : () -> newDirectory.disk().withNode(process, withFiles);
        return oldDirectory.disk().withNode(process, withNew);
    }
}
