// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.FileMode.S_IFDIR;
import static kernel.uapi.OpenFlags.AT_FDCWD;

import kernel.api.context.ProcessContext;
import kernel.core.fs.FileDescription;
import kernel.core.fs.FileSystemHost;
import kernel.core.fs.NameSpace;
import kernel.core.fs.ProcTable;
import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;
import kernel.uapi.Limits;
import kernel.uapi.MountFlags;

/**
 * The name space of one kernel: a tmpfs as root, devtmpfs on /dev, procfs on /proc, and the system calls that go by names
 * (Linux: init/do_mounts.c, fs/namespace.c). Boots in microseconds, and needs no framework.
 */
public final class VirtualFileSystem implements NameSpace {
    private static final int ROOT_NUMBER = 1;
    private static final int DEVICES_NUMBER = 2;
    private static final int PROC_NUMBER = 3;
    private static final int PIPES_NUMBER = 4;
    private static final int ANONYMOUS_NUMBER = 5;
    private static final int SYS_NUMBER = 6;
    /** For st_blksize of /proc, as Linux has it. */
    private static final int PROC_BLOCK_SIZE = 1024;

    private static final int PUBLIC_DIRECTORY = S_IFDIR | 0755;
    private final FileTree tree;
    private final OpenCalls openCalls;
    private final ProgramFiles programs;

    private VirtualFileSystem(FileTree tree, FileSystem rootFileSystem) {
        this.tree = tree;
        this.openCalls = new OpenCalls(tree);
        this.programs = new ProgramFiles(tree, rootFileSystem);
    }

    /**
     * Makes the tree, enters the system calls and the entries of /proc, becomes the host's name space, and from then on has a
     * node in /dev for each device and a file for each program.
     */
    public static VirtualFileSystem mountRoot(FileSystemHost host) {
        long now = host.wallClockNanos();
        FileSystem root = new FileSystem("tmpfs", ROOT_NUMBER, Limits.PAGE_SIZE);
        FileTree tree = new FileTree(host, root, directory(root, PUBLIC_DIRECTORY, now));
        VirtualFileSystem fileSystem = new VirtualFileSystem(tree, root);
        fileSystem.makeDirectories(root, now);
        Dentry devices = fileSystem.mountDevices(now);
        fileSystem.register(fileSystem.mountShown(devices, now), now);
        host.executables().listen(fileSystem.programs);
        host.setNameSpace(fileSystem);
        host.onPowerOff(fileSystem::comeToRest);
        return fileSystem;
    }

    /** Everything is on the disks afterwards, and those say that they were left in good order, whoever still has files open. */
    private void comeToRest(ProcessContext context) {
        boolean any = false;
        for (FileSystem mounted : tree.mounts().fileSystems()) {
            if (mounted.isOnDisk()) {
                any = true;
                mounted.remount(context, true);
            }
        }
        if (any || tree.host().blockLayer() != null) {
            tree.host().pageCache().syncDevices(context);
        }
    }

    private static TreeDirectory directory(FileSystem fileSystem, int mode, long now) {
        return new TreeDirectory(fileSystem, new Inode.Birth(mode, 0, 0, now), false);
    }

    private void makeDirectories(FileSystem root, long now) {
        make(root, "bin", PUBLIC_DIRECTORY, now);
        make(root, "dev", PUBLIC_DIRECTORY, now);
        make(root, "etc", PUBLIC_DIRECTORY, now);
        make(root, "home", PUBLIC_DIRECTORY, now);
        make(root, "mnt", PUBLIC_DIRECTORY, now);
        make(root, "proc", S_IFDIR | 0555, now);
        make(root, "root", S_IFDIR | 0700, now);
        make(root, "sbin", PUBLIC_DIRECTORY, now);
        make(root, "sys", S_IFDIR | 0555, now);
        make(root, "tmp", S_IFDIR | 01777, now);
    }

    private void make(FileSystem root, String name, int mode, long now) {
        tree.makeForKernel(tree.root().dentry(), name, directory(root, mode, now));
    }

    private Dentry mountDevices(long now) {
        FileSystem devices = new FileSystem("devtmpfs", DEVICES_NUMBER, Limits.PAGE_SIZE);
        Dentry root = tree.mounts().mount(devices, directory(devices, PUBLIC_DIRECTORY, now), "dev", "mode=755");
        tree.host().deviceNumbers().listen(new DeviceTree(tree, devices, root));
        return root;
    }

    /** The file systems that show the kernel, and those that can be mounted besides. */
    private MemoryFileSystems mountShown(Dentry devices, long now) {
        ProcTable table = tree.host().procTable();
        ProcFileSystem proc =
                new ProcFileSystem(table, table, new FileSystem("proc", PROC_NUMBER, PROC_BLOCK_SIZE), now);
        tree.mounts().mount(proc.fileSystem(), proc.root(), "proc", "");
        ProcFileSystem sys = new ProcFileSystem(
                tree.host().sysTable(), null, new FileSystem("sysfs", SYS_NUMBER, Limits.PAGE_SIZE), now);
        tree.mounts().mount(sys.fileSystem(), sys.root(), "sys", "");
        MemoryFileSystems inMemory =
                new MemoryFileSystems(tree.host(), devices.inode().fileSystem(), devices.directory(), proc, sys);
        table.create("filesystems", inMemory::typesText);
        table.create("mounts", tree.mounts()::describe);
        return inMemory;
    }

    private void register(MemoryFileSystems inMemory, long now) {
        SystemCallTable calls = tree.host().systemCalls();
        FileSystem pipes = new FileSystem("pipefs", PIPES_NUMBER, Limits.PAGE_SIZE);
        FileSystem anonymous = new FileSystem("anon_inodefs", ANONYMOUS_NUMBER, Limits.PAGE_SIZE);
        openCalls.register(calls);
        new NameCalls(tree).register(calls);
        new StatCalls(tree, new AnonymousInode(anonymous, new Inode.Birth(0600, 0, 0, now))).register(calls);
        new AttributeCalls(tree).register(calls);
        new DirectoryCalls(tree).register(calls);
        new PipeCalls(tree, pipes).register(calls);
        new MountCalls(tree, inMemory).register(calls);
        new SyncCalls(tree).register(calls);
    }

    /** The file system of the root. */
    FileSystem root() {
        return tree.root().inode().fileSystem();
    }

    @Override
    public State initialState() {
        return WorkingPlace.first(tree.root());
    }

    @Override
    public Identity identity(FileDescription file) {
        return file.node() instanceof Place place
                ? new Identity(
                        place.inode().fileSystem().device(), place.inode().number())
                : Identity.UNKNOWN;
    }

    @Override
    public ExecutableLookup executable(UserProcess process, String path) {
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = PathName.check(path);
        if (error == 0) {
            error = walk.toEnd(AT_FDCWD, path, true);
        }
        if (error == 0) {
            error = walk.inode().permission(process, Inode.MAY_EXECUTE);
        }
        if (error != 0) {
            return new ExecutableLookup(-error, null);
        }
        if (walk.place().mount().has(MountFlags.MS_NOEXEC)) {
            return new ExecutableLookup(EACCES, null);
        }
        return switch (walk.inode()) {
            case RegularFile file -> programs.find(file.head(ProgramFiles.HEAD_BYTES));
            case DiskFile file -> programs.find(file.head(process, ProgramFiles.HEAD_BYTES));
            default -> new ExecutableLookup(EACCES, null);
        };
    }

    @Override
    public int open(UserProcess process, String path, int flags, int mode) {
        return openCalls.open(process, AT_FDCWD, path, flags, mode);
    }
}
