// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import hardware.machine.memory.PhysicalMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import kernel.api.memory.KernelMemory;

/** A piece of the kernel's heap: a slot of a slab, or pages of its own. In debug mode the piece begins behind the slot's first red zone. */
final class KernelBlock implements KernelMemory {
    private static final int TRACE_FRAMES = 8;

    private final KernelHeap heap;
    private final String owner;
    private final long slotAddress;
    private final long sizeBytes;
    private final long slotBytes;
    private final Slab slab;
    private final int slot;
    private final boolean guarded;
    private final MemorySegment segment;
    private final MemorySegment whole;
    private volatile boolean freed;
    private StackTraceElement[] allocatedAt;
    private StackTraceElement[] freedAt;

    /** A slot of a slab. */
    KernelBlock(KernelHeap heap, String owner, long slotAddress, long sizeBytes, int slotBytes, Slab slab, int slot) {
        this.heap = heap;
        this.owner = owner;
        this.slotAddress = slotAddress;
        this.sizeBytes = sizeBytes;
        this.slotBytes = slotBytes;
        this.slab = slab;
        this.slot = slot;
        guarded = heap.isDebugging();
        whole = heap.memory().frame(slab.frame()).asSlice(slotAddress & PhysicalMemory.FRAME_BYTES - 1, slotBytes);
        segment = whole.asSlice(margin(), sizeBytes);
    }

    /** Pages of its own; those that are to begin at the start of a page are not guarded. */
    KernelBlock(KernelHeap heap, String owner, long slotAddress, long sizeBytes, MemorySegment whole, boolean guarded) {
        this.heap = heap;
        this.owner = owner;
        this.slotAddress = slotAddress;
        this.sizeBytes = sizeBytes;
        this.whole = whole;
        this.guarded = guarded;
        slotBytes = whole.byteSize();
        slab = null;
        slot = 0;
        segment = whole.asSlice(margin(), sizeBytes);
    }

    private long margin() {
        return guarded ? RedZone.BYTES : 0;
    }

    String owner() {
        return owner;
    }

    /** Whether there are red zones around it. */
    boolean isGuarded() {
        return guarded;
    }

    Slab slab() {
        return slab;
    }

    int slot() {
        return slot;
    }

    long slotBytes() {
        return slotBytes;
    }

    long physicalAddressOfSlot() {
        return slotAddress;
    }

    @Override
    public long physicalAddress() {
        return slotAddress + margin();
    }

    @Override
    public long address() {
        return KernelHeap.DIRECT_MAP + physicalAddress();
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public MemorySegment segment() {
        if (freed) {
            throw heap.useAfterFree(this);
        }
        return segment;
    }

    /** False when it had been freed before. Under the heap's lock. */
    boolean beginFree() {
        boolean first = !freed;
        freed = true;
        return first;
    }

    // ---- debug mode

    /** Before first use: looks whether somebody wrote here after it was freed, then sets the red zones. Returns what is wrong. */
    List<String> prepare() {
        allocatedAt = here();
        List<String> damage = List.of();
        if (slab != null && slab.wasUsed(slot)) {
            long end = slotBytes - 1;
            long bad = RedZone.firstOther(whole, RedZone.BYTES, end, RedZone.POISON_FREE);
            if (bad < 0) {
                bad = RedZone.firstOther(whole, end, slotBytes, RedZone.POISON_END);
            }
            if (bad >= 0) {
                damage = report("Poison overwritten", bad);
            }
        }
        whole.fill(RedZone.ACTIVE);
        segment.fill(RedZone.POISON_IN_USE);
        return damage;
    }

    /** After last use: looks at the red zones, then poisons. Returns what is wrong. */
    List<String> retire() {
        freedAt = here();
        List<String> damage = new ArrayList<>();
        long left = RedZone.firstOther(whole, 0, RedZone.BYTES, RedZone.ACTIVE);
        if (left >= 0) {
            damage.addAll(report("Left Redzone overwritten", left));
        }
        long right = RedZone.firstOther(whole, RedZone.BYTES + sizeBytes, slotBytes, RedZone.ACTIVE);
        if (right >= 0) {
            damage.addAll(report("Right Redzone overwritten", right));
        }
        whole.fill(RedZone.POISON_FREE);
        whole.asSlice(0, RedZone.BYTES).fill(RedZone.INACTIVE);
        whole.set(ValueLayout.JAVA_BYTE, slotBytes - 1, RedZone.POISON_END);
        return damage;
    }

    private List<String> report(String what, long at) {
        List<String> lines = new ArrayList<>();
        byte found = whole.get(ValueLayout.JAVA_BYTE, at);
        lines.add("BUG " + cacheName() + ": " + what);
        lines.add("0x" + hex(KernelHeap.DIRECT_MAP + slotAddress + at) + " @offset=" + (at - RedZone.BYTES)
                + ". First byte 0x" + HexFormat.of().toHexDigits(found) + " is not what was left there");
        addSites(lines);
        return lines;
    }

    List<String> doubleFree() {
        List<String> lines = new ArrayList<>();
        lines.add("BUG: KASAN: double-free in " + describe(caller()));
        lines.add("Free of addr " + hex(address()) + " (" + cacheName() + ", " + sizeBytes + " bytes) of " + owner);
        addSites(lines);
        return lines;
    }

    List<String> useAfterFree() {
        List<String> lines = new ArrayList<>();
        lines.add("BUG: KASAN: slab-use-after-free in " + describe(caller()));
        lines.add("Access to addr " + hex(address()) + " (" + cacheName() + ", " + sizeBytes + " bytes) of " + owner);
        addSites(lines);
        return lines;
    }

    List<String> leak() {
        List<String> lines = new ArrayList<>();
        lines.add("unreferenced object 0x" + hex(address()) + " (size " + sizeBytes + "):");
        lines.add("  owner \"" + owner + "\"");
        if (allocatedAt != null) {
            lines.add("  backtrace:");
            for (StackTraceElement frame : allocatedAt) {
                lines.add("    " + describe(frame));
            }
        }
        return lines;
    }

    private void addSites(List<String> lines) {
        addSite(lines, "Allocated", allocatedAt);
        addSite(lines, "Freed", freedAt);
    }

    private static void addSite(List<String> lines, String what, StackTraceElement[] site) {
        if (site != null) {
            lines.add(what + " in:");
            for (StackTraceElement frame : site) {
                lines.add(" " + describe(frame));
            }
        }
    }

    private String cacheName() {
        return slab == null ? "kmalloc-large" : "kmalloc-" + slotBytes;
    }

    private static StackTraceElement caller() {
        StackTraceElement[] trace = here();
        return trace.length == 0 ? new StackTraceElement("kernel", "unknown", null, 0) : trace[0];
    }

    /** The frames above this package. */
    private static StackTraceElement[] here() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::toStackTraceElement)
                        .dropWhile(frame -> frame.getClassName().startsWith("kernel.core.memory.")
                                && !frame.getClassName().endsWith("Test"))
                        .limit(TRACE_FRAMES)
                        .toArray(StackTraceElement[]::new));
    }

    private static String describe(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.substring(name.lastIndexOf('.') + 1) + "." + frame.getMethodName() + "+" + frame.getLineNumber();
    }

    private static String hex(long address) {
        return HexFormat.of().toHexDigits(address);
    }

    @Override
    public String toString() {
        return sizeBytes + " bytes at " + hex(address());
    }
}
