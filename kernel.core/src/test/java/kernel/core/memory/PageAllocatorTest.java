// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.machine.memory.PhysicalMemory;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import kernel.core.execution.KernelBug;
import org.junit.jupiter.api.Test;

/** Does each frame have one owner, and is none lost? */
final class PageAllocatorTest {
    private static final long BYTES = 16L << 20;

    private final PhysicalMemory memory = new PhysicalMemory(BYTES);
    private final PageAllocator pages = new PageAllocator(memory);

    private record Block(long frame, int order) {}

    @Test
    void blocksAreAlignedAndNeverOverlap() {
        SplittableRandom random = new SplittableRandom(1);
        List<Block> blocks = new ArrayList<>();
        BitSet taken = new BitSet();
        long used = 0;
        for (int step = 0; step < 20_000; step++) {
            if (blocks.isEmpty() || random.nextInt(100) < 52) {
                int order = Math.min(random.nextInt(11), random.nextInt(11));
                long frame = pages.allocate(order);
                if (frame >= 0) {
                    assertThat(frame % (1L << order)).isZero();
                    assertThat(taken.get((int) frame, (int) frame + (1 << order))
                                    .isEmpty())
                            .isTrue();
                    taken.set((int) frame, (int) frame + (1 << order));
                    blocks.add(new Block(frame, order));
                    used += 1L << order;
                }
            } else {
                Block block = blocks.remove(random.nextInt(blocks.size()));
                pages.free(block.frame, block.order);
                taken.clear((int) block.frame, (int) block.frame + (1 << block.order));
                used -= 1L << block.order;
            }
            assertThat(pages.freePages()).isEqualTo(pages.totalPages() - used);
        }
        blocks.forEach(block -> pages.free(block.frame, block.order));
        assertThat(pages.freePages()).isEqualTo(pages.totalPages());
    }

    @Test
    void afterEverythingWasFreedTheLargestBlocksAreThereAgain() {
        List<Long> singles = new ArrayList<>();
        for (long frame = pages.allocate(0); frame >= 0; frame = pages.allocate(0)) {
            singles.add(frame);
        }
        assertThat(singles).hasSize((int) pages.totalPages()).doesNotHaveDuplicates();
        singles.forEach(frame -> pages.free(frame, 0));
        int blocks = 0;
        while (pages.allocate(PageAllocator.MAX_ORDER) >= 0) {
            blocks++;
        }
        assertThat(blocks).isEqualTo(3);
    }

    @Test
    void zeroedPagesAreZeroAlsoTheSecondTime() {
        for (int round = 0; round < 200; round++) {
            long frame = pages.allocateZeroed();
            assertThat(memory.frame(frame).get(ValueLayout.JAVA_LONG, 8)).isZero();
            memory.frame(frame).fill((byte) 1);
            pages.put(frame);
        }
    }

    @Test
    void aPageWithSeveralUsersGoesWithTheLast() {
        long frame = pages.allocateZeroed();
        pages.get(frame);
        assertThat(pages.isSole(frame)).isFalse();
        pages.put(frame);
        assertThat(pages.isSole(frame)).isTrue();
        assertThat(pages.freePages()).isEqualTo(pages.totalPages() - 1);
        pages.put(frame);
        assertThat(pages.freePages()).isEqualTo(pages.totalPages());
    }

    @Test
    void freeingTwiceIsABug() {
        long frame = pages.allocate(2);
        pages.free(frame, 2);
        assertThatThrownBy(() -> pages.free(frame, 2))
                .isInstanceOf(KernelBug.class)
                .hasMessageContaining("Bad page state");
        assertThatThrownBy(() -> pages.put(-1)).isInstanceOf(KernelBug.class);
        assertThat(pages.allocate(0)).isNotNegative();
    }

    @Test
    void freedPagesCostTheHostNothing() {
        List<Long> frames = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            frames.add(pages.allocateZeroed());
            memory.frame(frames.getLast()).fill((byte) 1);
        }
        frames.forEach(pages::put);
        assertThat(memory.backedFrames()).isLessThan(100);
    }
}
