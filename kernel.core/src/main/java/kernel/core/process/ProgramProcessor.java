// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EINTR;
import static kernel.uapi.Errno.ENOSYS;
import static kernel.uapi.Errno.ERESTARTSYS;
import static kernel.uapi.Signal.SIGBUS;
import static kernel.uapi.Signal.SIGKILL;
import static kernel.uapi.Signal.SIGSEGV;

import hardware.machine.memory.PageTable;
import hardware.machine.memory.PhysicalMemory;
import java.lang.foreign.ValueLayout;
import kernel.core.execution.Halt;
import kernel.core.fs.SystemCall;
import kernel.core.fs.SystemCallTable;
import kernel.core.log.LogLevel;
import kernel.core.memory.AddressSpace;
import kernel.core.trace.Trace;
import kernel.core.trace.TraceEvent;
import kernel.uapi.Signal;
import kernel.uapi.UserProcessor;

/**
 * The processor as one program image sees it: loads and stores through the page tables, and the trap (Linux: arch/x86/entry).
 *
 * <p>Each exec makes a new one. The old one is at its {@linkplain #end end}: whatever of the old program still runs, in a {@code finally} say, is thrown
 * out again at its next trap, and can reach no memory.
 */
final class ProgramProcessor implements UserProcessor {
    /** Restart whatever happens (ERESTARTNOINTR), without a handler only (ERESTARTNOHAND, ERESTART_RESTARTBLOCK). */
    static final int ERESTARTNOINTR = 513;

    static final int ERESTARTNOHAND = 514;
    static final int ERESTART_RESTARTBLOCK = 516;

    private static final int READ = PageTable.READ | PageTable.USER;
    private static final int WRITE = PageTable.WRITE | PageTable.USER;
    private static final int OFFSET = PhysicalMemory.FRAME_BYTES - 1;
    /** A program that catches its own end again and again is not asked any more. */
    private static final int PATIENCE = 1000;

    private final Proc process;
    private final SystemCallTable calls;
    private final Trace trace;
    private final SystemCallText texts;
    private final PhysicalMemory physical;
    private final AddressSpace space;
    private final TextSegment text;
    private final StackDepth stackDepth;
    private PageTable pages;
    private Error ended;
    private int thrownAgain;

    ProgramProcessor(Proc process, AddressSpace space, TextSegment text) {
        this.process = process;
        this.space = space;
        this.text = text;
        calls = process.table().systemCalls();
        trace = process.execution().trace();
        texts = process.table().systemCallText();
        physical = space.memory();
        pages = space.pages();
        stackDepth = new StackDepth(process.execution().deterministicConductor() != null);
    }

    TextSegment text() {
        return text;
    }

    // ---- the trap

    @Override
    public long trap(int number, long a0, long a1, long a2, long a3, long a4, long a5) {
        Proc self = process;
        if (ended != null || !self.isOnOwnThread()) {
            throw refuse();
        }
        stackDepth.check();
        try {
            self.enterKernel();
            long result = trace.isOn() ? traced(number, a0, a1, a2, a3, a4, a5) : call(number, a0, a1, a2, a3, a4, a5);
            if (self.signalPending() || isRestart(result)) {
                result = deliver(result, number, a0, a1, a2, a3, a4, a5);
            }
            self.leaveKernel();
            return result;
        } catch (Unwind e) {
            if (ended == null) {
                self.leaveKernel();
                end(e);
            }
            throw e;
        } catch (Halt e) {
            end(e);
            throw e;
        }
    }

    private long call(int number, long a0, long a1, long a2, long a3, long a4, long a5) {
        SystemCall call = calls.get(number);
        if (call == null) {
            return -ENOSYS;
        }
        try {
            long result = call.call(process, a0, a1, a2, a3, a4, a5);
            process.checkNothingHeld();
            return result;
        } catch (Unwind | Halt e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw process.oops(e);
        }
    }

    private long traced(int number, long a0, long a1, long a2, long a3, long a4, long a5) {
        Proc self = process;
        self.execution()
                .trace(self, TraceEvent.SYS_ENTER, number, 0, texts.enter(self, number, a0, a1, a2, a3, a4, a5));
        trace.entered(self, number);
        long result;
        try {
            result = call(number, a0, a1, a2, a3, a4, a5);
        } catch (Unwind e) {
            if (e.why() == Unwind.Why.EXEC) {
                self.execution().trace(self, TraceEvent.SYS_EXIT, number, 0, "");
            }
            throw e;
        }
        self.execution()
                .trace(self, TraceEvent.SYS_EXIT, number, result, texts.exit(self, number, result, a0, a1, a2, a3));
        return result;
    }

    /** The program has come to its end, or another one has taken its place. */
    void end(Error why) {
        if (ended == null) {
            ended = why;
            pages = new PageTable();
        }
    }

    private Error refuse() {
        if (ended == null) {
            throw new IllegalStateException("this processor belongs to " + process + " and not to "
                    + Thread.currentThread() + ": a program's other threads cannot enter the kernel");
        }
        if (++thrownAgain > PATIENCE && process.isOnOwnThread()) {
            if (ended instanceof Halt) {
                process.vanish();
            }
            process.setWaitStatus(SIGKILL);
            process.setNextImage(null);
            process.enterKernel();
            process.exit();
            process.vanish();
        }
        return ended;
    }

    // ---- signals, on the way back to user mode

    private static boolean isRestart(long result) {
        return result <= -ERESTARTSYS && result >= -ERESTART_RESTARTBLOCK;
    }

    /**
     * Takes what signals are there; runs their handlers in user mode on top of this trap; begins the call again if it is one for that.
     *
     * @return what the call finally answers
     */
    private long deliver(long first, int number, long a0, long a1, long a2, long a3, long a4, long a5) {
        long result = first;
        for (; ; ) {
            for (int signal = process.signals().take();
                    signal != 0;
                    signal = process.signals().take()) {
                result = handle(signal, result);
            }
            process.recalculateSignals();
            if (process.signalPending()) {
                continue;
            }
            if (!isRestart(result)) {
                return result;
            }
            process.setRestarting(true);
            result = trace.isOn() ? traced(number, a0, a1, a2, a3, a4, a5) : call(number, a0, a1, a2, a3, a4, a5);
            process.setRestarting(false);
            if (!process.signalPending() && !isRestart(result)) {
                return result;
            }
        }
    }

    /** What the call answers after this signal. */
    private long handle(int signal, long result) {
        SignalAction action = process.signals().action(signal);
        if (process.signals().isIgnored(signal)) {
            return result;
        }
        if (!action.isHandler()) {
            throw die(signal);
        }
        boolean again = result == -ERESTARTNOINTR || (result == -ERESTARTSYS && action.has(SignalAction.SA_RESTART));
        runHandler(signal, action);
        return isRestart(result) && !again ? -EINTR : result;
    }

    private Unwind die(int signal) {
        process.setWaitStatus(signal);
        return new Unwind(Unwind.Why.EXIT);
    }

    private void runHandler(int signal, SignalAction action) {
        Entry handler = text.at(action.handler());
        if (handler == null) {
            logFault("jump to a bad address", action.handler(), 0x14);
            throw die(SIGSEGV);
        }
        Signals signals = process.signals();
        long blockedBefore = signals.blocked();
        if (action.has(SignalAction.SA_RESETHAND)) {
            signals.setAction(signal, SignalAction.DEFAULT);
        }
        long self = action.has(SignalAction.SA_NODEFER) ? 0 : Signals.bit(signal);
        signals.setBlocked(blockedBefore | action.mask() | self);
        process.recalculateSignals();
        process.leaveKernel();
        try {
            handler.enter(this, signal);
        } catch (Unwind | Halt e) {
            throw e;
        } catch (RuntimeException | Error e) {
            returnFromHandler(blockedBefore);
            process.leaveKernel();
            throw e;
        }
        returnFromHandler(blockedBefore);
    }

    private void returnFromHandler(long blockedBefore) {
        process.enterKernel();
        process.signals().setBlocked(blockedBefore);
        process.recalculateSignals();
    }

    // ---- page faults

    /** The physical address of a user address that the page tables do not give; enters the kernel for it. */
    private long resolve(long address, boolean write) {
        for (; ; ) {
            if (ended != null || !process.isOnOwnThread()) {
                throw refuse();
            }
            stackDepth.check();
            try {
                process.enterKernel();
                long found = handleFault(address, write);
                process.leaveKernel();
                if (found >= 0) {
                    return found;
                }
            } catch (Unwind e) {
                if (ended == null) {
                    process.leaveKernel();
                    end(e);
                }
                throw e;
            } catch (Halt e) {
                end(e);
                throw e;
            }
        }
    }

    /** In kernel mode. Negative when a handler has run and the access is to be tried again. */
    private long handleFault(long address, boolean write) {
        long found = faultIn(address, write);
        if (found == AddressSpace.FAULT_NO_MEMORY) {
            process.table()
                    .log()
                    .print(
                            LogLevel.ERR,
                            "Out of memory: Killed process " + process.pid() + " (" + process.name() + ") total-vm:"
                                    + space.virtualBytes() / 1024 + "kB, anon-rss:" + space.residentPages() * 4 + "kB");
            throw die(SIGKILL);
        }
        if (found == AddressSpace.FAULT_BUS) {
            forceSignal(SIGBUS);
        } else if (found < 0) {
            badAccess(address, write, found == AddressSpace.FAULT_ACCESS);
        } else if (process.signalPending()) {
            deliver(0, -1, 0, 0, 0, 0, 0, 0);
        }
        return found;
    }

    private long faultIn(long address, boolean write) {
        try {
            return PageTable.isCanonical(address) && address >= 0
                    ? space.fault(process, address, write)
                    : AddressSpace.FAULT_NO_AREA;
        } catch (RuntimeException | Error e) {
            throw process.oops(e);
        }
    }

    private void badAccess(long address, boolean write, boolean mapped) {
        if (!process.signals().action(SIGSEGV).isHandler() || process.signals().isBlocked(SIGSEGV)) {
            logFault("segfault", address, 4 | (write ? 2 : 0) | (mapped ? 1 : 0));
        }
        forceSignal(SIGSEGV);
    }

    /** A signal that cannot wait and cannot be ignored. */
    private void forceSignal(int signal) {
        SignalAction action = process.signals().action(signal);
        if (!action.isHandler() || process.signals().isBlocked(signal)) {
            throw die(signal);
        }
        process.execution().trace(process, TraceEvent.SIGNAL, signal, process.pid(), Signal.name(signal));
        runHandler(signal, action);
    }

    private void logFault(String what, long address, int error) {
        process.table()
                .log()
                .print(
                        LogLevel.INFO,
                        process.name() + "[" + process.pid() + "]: " + what + " at " + Long.toHexString(address)
                                + " ip "
                                + ProgramFrames.current() + " error " + Integer.toHexString(error) + " likely on CPU "
                                + process.cpu().id());
    }

    // ---- loads and stores

    @Override
    public byte loadByte(long address) {
        long at = translate(address, READ);
        return physical.frame(at >>> PhysicalMemory.FRAME_SHIFT).get(ValueLayout.JAVA_BYTE, at & OFFSET);
    }

    @Override
    public void storeByte(long address, byte value) {
        long at;
        do {
            at = translate(address, WRITE);
            physical.frame(at >>> PhysicalMemory.FRAME_SHIFT).set(ValueLayout.JAVA_BYTE, at & OFFSET, value);
        } while (space.hasMoved(address, at));
    }

    private long translate(long address, int access) {
        long found = pages.translate(address, access);
        return found >= 0 ? found : resolve(address, access == WRITE);
    }

    @Override
    public int loadInt(long address) {
        if ((address & OFFSET) > PhysicalMemory.FRAME_BYTES - Integer.BYTES) {
            return (int) loadPieces(address, Integer.BYTES);
        }
        return physical.getInt(translate(address, READ));
    }

    @Override
    public void storeInt(long address, int value) {
        if ((address & OFFSET) > PhysicalMemory.FRAME_BYTES - Integer.BYTES) {
            storePieces(address, value, Integer.BYTES);
            return;
        }
        long at;
        do {
            at = translate(address, WRITE);
            physical.putInt(at, value);
        } while (space.hasMoved(address, at));
    }

    @Override
    public long loadLong(long address) {
        if ((address & OFFSET) > PhysicalMemory.FRAME_BYTES - Long.BYTES) {
            return loadPieces(address, Long.BYTES);
        }
        return physical.getLong(translate(address, READ));
    }

    @Override
    public void storeLong(long address, long value) {
        if ((address & OFFSET) > PhysicalMemory.FRAME_BYTES - Long.BYTES) {
            storePieces(address, value, Long.BYTES);
            return;
        }
        long at;
        do {
            at = translate(address, WRITE);
            physical.putLong(at, value);
        } while (space.hasMoved(address, at));
    }

    /** Across two pages. */
    private long loadPieces(long address, int bytes) {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << Byte.SIZE | Byte.toUnsignedLong(loadByte(address + i));
        }
        return value;
    }

    private void storePieces(long address, long value, int bytes) {
        translate(address + bytes - 1, WRITE);
        for (int i = 0; i < bytes; i++) {
            storeByte(address + i, (byte) (value >>> (i * Byte.SIZE)));
        }
    }

    @Override
    public void load(long address, byte[] to, int offset, int length) {
        for (int done = 0; done < length; ) {
            long at = address + done;
            int piece = (int) Math.min(length - done, PhysicalMemory.FRAME_BYTES - (at & OFFSET));
            physical.read(translate(at, READ), to, offset + done, piece);
            done += piece;
        }
    }

    @Override
    public void store(long address, byte[] from, int offset, int length) {
        for (int done = 0; done < length; ) {
            long at = address + done;
            int piece = (int) Math.min(length - done, PhysicalMemory.FRAME_BYTES - (at & OFFSET));
            long found = translate(at, WRITE);
            physical.write(found, from, offset + done, piece);
            if (!space.hasMoved(at, found)) {
                done += piece;
            }
        }
    }

    @Override
    public long textAddress(Entry code) {
        return text.addressOf(code);
    }
}
