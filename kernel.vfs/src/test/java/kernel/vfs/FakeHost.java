// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import kernel.api.context.ProcessContext;
import kernel.api.lock.Mutex;
import kernel.api.module.KernelLog;
import kernel.api.wait.WaitQueue;
import kernel.core.block.BlockLayer;
import kernel.core.cache.PageCache;
import kernel.core.fs.ExecutableTable;
import kernel.core.fs.FileSystemHost;
import kernel.core.fs.FileSystemTable;
import kernel.core.fs.NameSpace;
import kernel.core.fs.ProcTable;
import kernel.core.fs.SysTable;
import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;

/**
 * A kernel with nothing in it but tables.
 *
 * <p>There is no scheduler: whoever sleeps lets {@link #whileAsleep} run, one entry after the other, and when there is none left and
 * nobody to wake the sleeper, that is an error of the test.
 */
final class FakeHost implements FileSystemHost {
    final SystemCallTable systemCalls = new SystemCallTable();
    final FakeDevices devices = new FakeDevices();
    final ProcTable procTable = new ProcTable();
    final FileSystemTable fileSystems = new FileSystemTable();
    final SysTable sysTable = new SysTable();
    final ExecutableTable executables = new ExecutableTable();
    final Deque<Runnable> whileAsleep = new ArrayDeque<>();
    final List<String> signals = new ArrayList<>();
    final List<Consumer<ProcessContext>> powerOffSteps = new ArrayList<>();
    final LockRules lockRules = new LockRules();
    private final AtomicLong clock = new AtomicLong(1_750_000_000_000_000_000L);
    NameSpace nameSpace;
    boolean signalPending;
    /** Whether processes are host threads, which really sleep. */
    boolean threaded;

    /** Boots the file system of a host. */
    static FakeHost booted() {
        FakeHost host = new FakeHost();
        VirtualFileSystem.mountRoot(host);
        return host;
    }

    VirtualFileSystem fileSystem() {
        return (VirtualFileSystem) nameSpace;
    }

    FakeProcess process(int pid, int uid) {
        return new FakeProcess(this, pid, uid, uid, nameSpace.initialState());
    }

    FakeProcess root() {
        return process(1, 0);
    }

    @Override
    public SystemCallTable systemCalls() {
        return systemCalls;
    }

    @Override
    public FakeDevices deviceNumbers() {
        return devices;
    }

    @Override
    public ProcTable procTable() {
        return procTable;
    }

    @Override
    public BlockLayer blockLayer() {
        throw new UnsupportedOperationException("no disks");
    }

    @Override
    public FileSystemTable fileSystems() {
        return fileSystems;
    }

    @Override
    public KernelLog log(String prefix) {
        throw new UnsupportedOperationException("no log");
    }

    @Override
    public void panic(ProcessContext context, String message) {
        throw new AssertionError(message);
    }

    @Override
    public PageCache pageCache() {
        throw new UnsupportedOperationException("there is no scheduler that could wait for a disk");
    }

    @Override
    public SysTable sysTable() {
        return sysTable;
    }

    @Override
    public ExecutableTable executables() {
        return executables;
    }

    @Override
    public void onPowerOff(Consumer<ProcessContext> step) {
        powerOffSteps.add(step);
    }

    @Override
    public void setNameSpace(NameSpace newNameSpace) {
        nameSpace = newNameSpace;
    }

    @Override
    public WaitQueue waitQueue(String name) {
        return threaded ? new BlockingWaitQueue() : new FakeWaitQueue(this, name);
    }

    @Override
    public Mutex mutex(String name) {
        return new FakeMutex(this, name);
    }

    /** Each look at the clock is a millisecond later. */
    @Override
    public long wallClockNanos() {
        return clock.addAndGet(1_000_000);
    }

    @Override
    public void signal(UserProcess process, int signal) {
        lockRules.check();
        signals.add(process.pid() + ":" + signal);
    }
}
