// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.machine.memory.PhysicalMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import kernel.api.memory.Gfp;
import kernel.api.memory.KernelMemory;
import kernel.core.execution.KernelBug;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Do pieces of kernel memory stay apart, keep what was written, and is misuse found? */
final class KernelHeapTest {
    private final PhysicalMemory memory = new PhysicalMemory(32L << 20);
    private final PageAllocator pages = new PageAllocator(memory);
    private final List<String> reports = new ArrayList<>();

    private KernelHeap heap(boolean debug) {
        return new KernelHeap(pages, debug, reports::addAll);
    }

    private static KernelMemory allocate(KernelHeap heap, long bytes) {
        return heap.allocate("driver", bytes, Gfp.KERNEL);
    }

    /** Against a model: the ranges in use, by address, each with the byte that it is full of. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void piecesNeverOverlapAndKeepTheirContents(boolean debug) {
        KernelHeap heap = heap(debug);
        SplittableRandom random = new SplittableRandom(2);
        TreeMap<Long, KernelMemory> model = new TreeMap<>();
        long bytes = 0;
        for (int step = 0; step < 5000; step++) {
            if (model.isEmpty() || random.nextInt(100) < 55) {
                long size = random.nextInt(20) == 0 ? 1 + random.nextInt(200_000) : 1 + random.nextInt(5000);
                KernelMemory piece = allocate(heap, size);
                if (piece == null) {
                    continue;
                }
                assertThat(piece.sizeBytes()).isEqualTo(size);
                assertThat(piece.address()).isEqualTo(KernelHeap.DIRECT_MAP + piece.physicalAddress());
                var below = model.floorEntry(piece.physicalAddress());
                var above = model.ceilingEntry(piece.physicalAddress());
                assertThat(below == null || below.getKey() + below.getValue().sizeBytes() <= piece.physicalAddress())
                        .isTrue();
                assertThat(above == null || piece.physicalAddress() + size <= above.getKey())
                        .isTrue();
                piece.segment().fill(stamp(piece));
                model.put(piece.physicalAddress(), piece);
                bytes += size;
            } else {
                long from = model.firstKey() + random.nextLong(model.lastKey() - model.firstKey() + 1);
                KernelMemory piece = model.remove(model.floorKey(from));
                assertThat(piece.segment().mismatch(full(piece))).isEqualTo(-1);
                byte[] seen = new byte[1];
                memory.read(piece.physicalAddress() + piece.sizeBytes() - 1, seen, 0, 1);
                assertThat(seen[0]).isEqualTo(stamp(piece));
                heap.free("driver", piece);
                bytes -= piece.sizeBytes();
            }
            assertThat(heap.bytesOf("driver")).isEqualTo(bytes);
        }
        model.values().forEach(piece -> heap.free("driver", piece));
        assertThat(heap.bytesOf("driver")).isZero();
        assertThat(heap.blocksOf("driver")).isEmpty();
        assertThat(reports).isEmpty();
        assertThat(pages.totalPages() - pages.freePages())
                .as("one empty slab for each size")
                .isLessThanOrEqualTo(12);
    }

    private static byte stamp(KernelMemory piece) {
        return (byte) (piece.physicalAddress() >>> 3 ^ piece.sizeBytes());
    }

    private static MemorySegment full(KernelMemory piece) {
        byte[] bytes = new byte[(int) piece.sizeBytes()];
        java.util.Arrays.fill(bytes, stamp(piece));
        return MemorySegment.ofArray(bytes);
    }

    @Test
    void sizesHaveLimits() {
        KernelHeap heap = heap(false);
        assertThat(allocate(heap, 4 << 20)).isNotNull();
        assertThat(allocate(heap, (4 << 20) + 1)).isNull();
        assertThatThrownBy(() -> allocate(heap, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whenMemoryIsUsedUpTheAnswerIsNull() {
        KernelHeap heap = heap(false);
        int pieces = 0;
        while (allocate(heap, 1 << 20) != null) {
            pieces++;
        }
        assertThat(pieces).isBetween(28, 31);
        while (allocate(heap, 4096) != null) {
            pieces++;
        }
        assertThat(allocate(heap, 8)).isNull();
    }

    @Test
    void ownersAreKeptApart() {
        KernelHeap heap = heap(false);
        KernelMemory piece = heap.allocate("one", 100, Gfp.ATOMIC);
        heap.free("two", piece);
        assertThat(reports)
                .hasSize(1)
                .first()
                .asString()
                .startsWith("BUG: two frees memory of one, 100 bytes at ffff8880");
        assertThat(heap.bytesOf("one")).isEqualTo(100);
        heap.freeIfOwned("two", piece);
        assertThat(heap.bytesOf("one")).isEqualTo(100);
        heap.freeIfOwned("one", piece);
        heap.freeIfOwned("one", piece);
        assertThat(heap.bytesOf("one")).isZero();
        assertThat(reports).hasSize(1);
    }

    @Test
    void freeingTwiceIsReported() {
        KernelHeap heap = heap(true);
        KernelMemory piece = allocate(heap, 64);
        heap.free("driver", piece);
        heap.free("driver", piece);
        assertThat(reports.getFirst()).matches("BUG: KASAN: double-free in KernelHeapTest\\.\\w+\\+\\d+");
        assertThat(reports).contains("Allocated in:", "Freed in:");
    }

    @Test
    void useAfterFreeIsABugWhereItCanBeTold() {
        KernelHeap heap = heap(false);
        KernelMemory piece = allocate(heap, 64);
        heap.free("driver", piece);
        assertThatThrownBy(() -> use(piece)).isInstanceOf(KernelBug.class);
        assertThat(reports.getFirst()).startsWith("BUG: KASAN: slab-use-after-free in KernelHeapTest.use+");
    }

    private static long use(KernelMemory piece) {
        return piece.segment().byteSize();
    }

    @Test
    void writingBehindAPieceIsFoundWhenItIsFreed() {
        KernelHeap heap = heap(true);
        KernelMemory piece = allocate(heap, 60);
        byte[] wrong = {1};
        memory.write(piece.physicalAddress() + 60, wrong, 0, 1);
        memory.write(piece.physicalAddress() - 1, wrong, 0, 1);
        heap.free("driver", piece);
        assertThat(reports)
                .contains("BUG kmalloc-96: Left Redzone overwritten", "BUG kmalloc-96: Right Redzone overwritten")
                .anyMatch(line -> line.contains("@offset=60. First byte 0x01"));
    }

    @Test
    void writingToFreedMemoryIsFoundWhenItIsAllocatedAgain() {
        KernelHeap heap = heap(true);
        KernelMemory piece = allocate(heap, 64);
        MemorySegment kept = piece.segment();
        heap.free("driver", piece);
        kept.set(ValueLayout.JAVA_BYTE, 5, (byte) 9);
        allocate(heap, 64);
        assertThat(reports).contains("BUG kmalloc-96: Poison overwritten");
    }

    @Test
    void whatIsStillOwnedIsALeak() {
        KernelHeap heap = heap(true);
        assertThat(heap.leaksOf("driver")).isEmpty();
        allocate(heap, 100);
        assertThat(heap.leaksOf("driver"))
                .anyMatch(line -> line.matches("unreferenced object 0xffff8880\\w+ \\(size 100\\):"))
                .anyMatch(line -> line.contains("KernelHeapTest.allocate+"));
    }

    @Test
    void slabinfoCounts() {
        KernelHeap heap = heap(false);
        allocate(heap, 60);
        allocate(heap, 64);
        assertThat(heap.slabinfoText().lines())
                .anyMatch(line -> line.matches("kmalloc-64 +2 +64 +64 +64 +1 : tunables +0 +0 +0 : slabdata +1 +1 +0"));
        assertThat(heap.slabBytes()).isEqualTo(4096);
    }
}
