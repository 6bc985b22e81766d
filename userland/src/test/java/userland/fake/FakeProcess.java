// SPDX-License-Identifier: Apache-2.0
package userland.fake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import kernel.uapi.Signal;
import kernel.uapi.UserProcessor;

/** A process of the fake kernel, and the processor as its program sees it. */
final class FakeProcess implements UserProcessor {
    private static final long TEXT = 0x40_0000;

    final FakeKernel kernel;
    final int pid;
    final int parent;
    final SortedMap<Integer, OpenFile> files = new TreeMap<>();
    final Set<Integer> closeOnExec = new TreeSet<>();
    final SortedMap<Integer, Integer> endedChildren = new TreeMap<>();
    final Map<Integer, Long> signalActions = new HashMap<>();
    final List<Entry> text;
    FakeMemory memory = new FakeMemory();
    String directory = "/";
    int processGroup;

    FakeProcess(FakeKernel kernel, int pid) {
        this.kernel = kernel;
        this.pid = pid;
        this.parent = 1;
        this.processGroup = pid;
        this.text = new ArrayList<>();
    }

    /** A forked child. */
    FakeProcess(FakeProcess from, int pid) {
        this.kernel = from.kernel;
        this.pid = pid;
        this.parent = from.pid;
        this.processGroup = from.processGroup;
        this.text = new ArrayList<>(from.text);
        this.memory = new FakeMemory(from.memory);
        this.directory = from.directory;
        this.signalActions.putAll(from.signalActions);
        this.closeOnExec.addAll(from.closeOnExec);
        from.files.forEach(this::install);
    }

    void install(int fd, OpenFile file) {
        file.retain();
        OpenFile old = files.put(fd, file);
        if (old != null) {
            old.release();
        }
    }

    int lowestFree(int atLeast) {
        int fd = atLeast;
        while (files.containsKey(fd)) {
            fd++;
        }
        return fd;
    }

    void close(int fd) {
        OpenFile file = files.remove(fd);
        closeOnExec.remove(fd);
        file.release();
    }

    void closeAll() {
        List.copyOf(files.keySet()).forEach(this::close);
    }

    /** Code that has an address in this process. */
    Entry code(long address) {
        return text.get((int) (address - TEXT) / 16);
    }

    /** Delivers a signal to this process, on its own stack. */
    void deliver(int signal) {
        long action = signalActions.getOrDefault(signal, Signal.SIG_DFL);
        if (action == Signal.SIG_DFL) {
            if (signal != 0 && signal != Signal.SIGCHLD && signal != Signal.SIGCONT) {
                throw new ProcessEnd.BySignal(signal);
            }
        } else if (action != Signal.SIG_IGN) {
            code(action).enter(this, signal);
        }
    }

    @Override
    public long trap(int number, long a0, long a1, long a2, long a3, long a4, long a5) {
        return kernel.trap(this, number, new long[] {a0, a1, a2, a3, a4, a5});
    }

    @Override
    public byte loadByte(long address) {
        return memory.load(address, 1).get();
    }

    @Override
    public void storeByte(long address, byte value) {
        memory.store(address, new byte[] {value}, 0, 1);
    }

    @Override
    public int loadInt(long address) {
        return memory.load(address, Integer.BYTES).getInt();
    }

    @Override
    public void storeInt(long address, int value) {
        memory.store(address, FakeKernel.buffer(Integer.BYTES).putInt(0, value));
    }

    @Override
    public long loadLong(long address) {
        return memory.load(address, Long.BYTES).getLong();
    }

    @Override
    public void storeLong(long address, long value) {
        memory.store(address, FakeKernel.buffer(Long.BYTES).putLong(0, value));
    }

    @Override
    public void load(long address, byte[] to, int offset, int length) {
        memory.load(address, to, offset, length);
    }

    @Override
    public void store(long address, byte[] from, int offset, int length) {
        memory.store(address, from, offset, length);
    }

    @Override
    public long textAddress(Entry code) {
        text.add(code);
        return TEXT + 16L * (text.size() - 1);
    }
}
