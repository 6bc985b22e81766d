// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import kernel.uapi.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import userland.fake.FakeKernel;

class HeapTest {
    private final FakeKernel kernel = new FakeKernel();

    /** Against a model: blocks never overlap, are aligned, and keep what was written into them. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void blocksKeepTheirContentWhateverTheOrderOfMallocAndFree(long seed) {
        run(libc -> {
            Random random = new Random(seed);
            Map<Long, Integer> model = new TreeMap<>();
            for (int step = 0; step < 600; step++) {
                if (model.isEmpty() || random.nextInt(5) < 3) {
                    int size = random.nextInt(20) == 0 ? random.nextInt(50_000) : random.nextInt(200);
                    long block = libc.heap().malloc(size);
                    assertThat(block % 16).isZero();
                    model.put(block, size);
                    fill(libc, block, size);
                } else {
                    Long block = model.keySet().stream()
                            .skip(random.nextInt(model.size()))
                            .findFirst()
                            .orElseThrow();
                    libc.heap().free(block);
                    model.remove(block);
                }
            }
            long end = 0;
            for (Map.Entry<Long, Integer> block : model.entrySet()) {
                assertThat(block.getKey()).isGreaterThanOrEqualTo(end);
                end = block.getKey() + block.getValue();
                assertThat(isFilled(libc, block.getKey(), block.getValue())).isTrue();
            }
        });
    }

    @Test
    void freeMemoryIsJoinedAndUsedAgain() {
        run(libc -> {
            long first = libc.heap().malloc(1000);
            long second = libc.heap().malloc(1000);
            libc.heap().malloc(16);
            libc.heap().free(first);
            libc.heap().free(second);
            assertThat(libc.heap().malloc(2000)).isEqualTo(first);
        });
    }

    @Test
    void aPointerThatMallocNeverGaveIsRefused() {
        run(libc -> {
            long block = libc.heap().malloc(100);
            assertThatThrownBy(() -> libc.heap().free(block + 16)).hasMessage("free(): invalid pointer");
            libc.heap().free(block);
            assertThatThrownBy(() -> libc.heap().free(block)).hasMessage("free(): double free detected");
            libc.heap().free(0);
        });
    }

    @Test
    void memoryThatTheKernelDoesNotHaveIsEnomem() {
        run(libc -> {
            for (long size : new long[] {-1, 1L << 30, 1L << 50}) {
                assertThatThrownBy(() -> libc.heap().malloc(size))
                        .isInstanceOfSatisfying(
                                SystemCallException.class,
                                e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));
            }
            assertThat(libc.heap().malloc(10)).isPositive();
        });
    }

    @Test
    void arenasGiveBackWhatWasAllocatedInThem() {
        run(libc -> {
            long outer;
            long inner;
            try (Arena arena = libc.arena()) {
                outer = arena.string("outer");
                try (Arena nested = libc.arena()) {
                    inner = nested.allocate(40_000);
                }
                try (Arena nested = libc.arena()) {
                    assertThat(nested.allocate(40_000)).isEqualTo(inner);
                }
                assertThat(CString.load(libc.processor(), outer)).isEqualTo("outer");
            }
            try (Arena arena = libc.arena()) {
                assertThat(arena.allocate(1)).isEqualTo(outer);
            }
        });
    }

    @Test
    void theBufferForLoopsIsTheSameAtEachCallAndOnAPageBoundary() {
        run(libc -> {
            assertThat(libc.ioBuffer() % 4096).isZero();
            assertThat(libc.ioBuffer()).isEqualTo(libc.ioBuffer());
        });
    }

    private void run(Consumer<Libc> body) {
        FakeKernel.Result result = kernel.main((libc, _) -> {
            body.accept(libc);
            return 0;
        });
        assertThat(result).isEqualTo(new FakeKernel.Result(0, "", ""));
    }

    private static void fill(Libc libc, long block, int size) {
        for (int i = 0; i < size; i += 8) {
            libc.processor().storeByte(block + i, (byte) (block * 31 + i));
        }
    }

    private static boolean isFilled(Libc libc, long block, int size) {
        for (int i = 0; i < size; i += 8) {
            if (libc.processor().loadByte(block + i) != (byte) (block * 31 + i)) {
                return false;
            }
        }
        return true;
    }
}
