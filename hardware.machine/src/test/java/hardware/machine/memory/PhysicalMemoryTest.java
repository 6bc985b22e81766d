// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.machine.Race;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Does memory keep what was written, cost nothing before, and end where it ends? */
final class PhysicalMemoryTest {
    private static final int FRAME = PhysicalMemory.FRAME_BYTES;

    private final PhysicalMemory memory = new PhysicalMemory(64L << 20);

    @Test
    void memoryIsZeroAndUnbackedWhenItIsSwitchedOn() {
        assertThat(memory.frameCount()).isEqualTo((64 << 20) / FRAME);
        assertThat(memory.backedFrames()).isZero();
        assertThat(memory.getLong(0x1238)).isZero();
        assertThat(memory.backedFrames()).isEqualTo(1);
    }

    @Test
    void theLastFrameOfALargeMemoryIsThere() {
        PhysicalMemory large = new PhysicalMemory(16L << 30);
        large.putLong((16L << 30) - 8, 42);
        assertThat(large.getLong((16L << 30) - 8)).isEqualTo(42);
        assertThat(large.backedFrames()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -4096, 1, 4095, 4097})
    void memoryComesInWholeFrames(long bytes) {
        assertThatIllegalArgumentException().isThrownBy(() -> new PhysicalMemory(bytes));
    }

    @Test
    void valuesAreLittleEndian() {
        memory.putInt(0x100, 0x11223344);
        memory.putLong(0x108, 0x1122334455667788L);
        byte[] bytes = new byte[16];
        memory.read(0x100, bytes, 0, 16);
        assertThat(bytes)
                .containsExactly(0x44, 0x33, 0x22, 0x11, 0, 0, 0, 0, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11);
        assertThat(memory.getIntAcquire(0x100)).isEqualTo(0x11223344);
        assertThat(memory.getLongAcquire(0x108)).isEqualTo(0x1122334455667788L);
        memory.putIntRelease(0x100, -2);
        memory.putLongRelease(0x108, -3);
        assertThat(memory.getInt(0x100)).isEqualTo(-2);
        assertThat(memory.getLong(0x108)).isEqualTo(-3);
    }

    @Test
    void unalignedValuesMayCrossFrames() {
        for (int before = 0; before <= 8; before++) {
            memory.putInt(FRAME - before, 0x8091a2b3 + before);
            assertThat(memory.getInt(FRAME - before)).isEqualTo(0x8091a2b3 + before);
            memory.putLong(2 * FRAME - before, 0x8091a2b3c4d5e6f7L + before);
            assertThat(memory.getLong(2 * FRAME - before)).isEqualTo(0x8091a2b3c4d5e6f7L + before);
        }
    }

    @Test
    void orderedValuesMustBeAligned() {
        assertThatThrownBy(() -> memory.getIntAcquire(2))
                .hasMessageContaining("bus error")
                .hasMessageContaining("0x2");
        assertThatThrownBy(() -> memory.putIntRelease(2, 1)).hasMessageContaining("aligned to 4");
        assertThatThrownBy(() -> memory.getLongAcquire(4)).hasMessageContaining("aligned to 8");
        assertThatThrownBy(() -> memory.putLongRelease(4, 1)).hasMessageContaining("aligned to 8");
    }

    @Test
    void anAccessBeyondTheEndIsABusErrorAndChangesNothing() {
        long end = memory.sizeBytes();
        byte[] bytes = {1, 2, 3, 4};
        assertThatThrownBy(() -> memory.write(end - 3, bytes, 0, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bus error: 4 bytes at physical address 0x3fffffd, memory ends at 0x4000000");
        assertThat(memory.getInt(end - 4)).isZero();
        for (long address : new long[] {end, -1, -4096, Long.MIN_VALUE, Long.MAX_VALUE, end - 3}) {
            assertThatIllegalArgumentException().isThrownBy(() -> memory.read(address, bytes, 0, 4));
            assertThatIllegalArgumentException().isThrownBy(() -> memory.fill(address, 4, (byte) 1));
            assertThatIllegalArgumentException().isThrownBy(() -> memory.getInt(address));
            assertThatIllegalArgumentException().isThrownBy(() -> memory.putInt(address, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> memory.getLong(address));
            assertThatIllegalArgumentException().isThrownBy(() -> memory.putLong(address, 1));
        }
        for (long frame : new long[] {memory.frameCount(), -1, 1L << 51, 1L << 52, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> memory.frame(frame));
            assertThatIllegalArgumentException().isThrownBy(() -> memory.discard(frame));
        }
        memory.read(end, bytes, 0, 0);
        assertThat(bytes).containsExactly(1, 2, 3, 4);
    }

    @Test
    void theCallersArrayIsCheckedFirst() {
        assertThatThrownBy(() -> memory.read(0, new byte[4], 2, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.write(0, new byte[4], -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.write(0, new byte[4], 0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @MethodSource("hardware.machine.Seeds#few")
    void memoryIsAnArrayOfBytes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        PhysicalMemory small = new PhysicalMemory(5L * FRAME);
        byte[] model = new byte[5 * FRAME];
        byte[] bytes = new byte[3 * FRAME];
        for (int step = 0; step < 500; step++) {
            int length = random.nextInt(bytes.length);
            int address = random.nextInt(model.length - length + 1);
            int offset = random.nextInt(bytes.length - length + 1);
            switch (random.nextInt(3)) {
                case 0 -> {
                    random.nextBytes(bytes);
                    small.write(address, bytes, offset, length);
                    System.arraycopy(bytes, offset, model, address, length);
                }
                case 1 -> {
                    small.fill(address, length, (byte) step);
                    Arrays.fill(model, address, address + length, (byte) step);
                }
                default -> {
                    byte[] expected = bytes.clone();
                    System.arraycopy(model, address, expected, offset, length);
                    small.read(address, bytes, offset, length);
                    assertThat(bytes).isEqualTo(expected);
                }
            }
        }
        byte[] all = new byte[model.length];
        small.read(0, all, 0, all.length);
        assertThat(all).isEqualTo(model);
    }

    @Test
    void aDiscardedFrameIsZeroAgain() {
        memory.fill(0, 3L * FRAME, (byte) 7);
        memory.discard(1);
        assertThat(memory.backedFrames()).isEqualTo(2);
        assertThat(memory.getLong(FRAME)).isZero();
        assertThat(memory.getLong(FRAME - 8)).isEqualTo(0x0707070707070707L);
        assertThat(memory.getLong(2 * FRAME)).isEqualTo(0x0707070707070707L);
        memory.discard(9999);
        assertThat(memory.backedFrames()).isEqualTo(3);
    }

    @Test
    void neighbouringFramesCanBeOneSegment() {
        // Across the border between two blocks of the table.
        long first = 2046;
        memory.fill(first * FRAME, 4L * FRAME, (byte) 7);
        MemorySegment whole = memory.contiguous(first, 4);
        assertThat(whole.byteSize()).isEqualTo(4L * FRAME);
        assertThat(whole.mismatch(MemorySegment.ofArray(new byte[4 * FRAME]))).isEqualTo(-1);
        memory.putLong((first + 3) * FRAME - 4, 0x1122334455667788L);
        assertThat(whole.get(ValueLayout.JAVA_INT_UNALIGNED, 3 * FRAME - 4)).isEqualTo(0x55667788);
        whole.set(ValueLayout.JAVA_BYTE, 2 * FRAME, (byte) 9);
        assertThat(memory.frame(2048).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 9);
        assertThat(memory.getLongAcquire(2048 * FRAME)).isEqualTo(9);
        memory.fill(0, 8, (byte) 7);
        assertThat(memory.contiguous(0, 1).get(ValueLayout.JAVA_LONG, 0)).isZero();
        for (long start : new long[] {-1, memory.frameCount() - 1, Long.MAX_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> memory.contiguous(start, 2));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> memory.contiguous(0, 0));
    }

    @Test
    void allWhoTouchAFrameFirstTouchTheSame() {
        int frames = 4096;
        int runners = 4;
        List<AtomicReferenceArray<MemorySegment>> seen = new ArrayList<>();
        List<Race.Runner> race = new ArrayList<>();
        for (int runner = 0; runner < runners; runner++) {
            AtomicReferenceArray<MemorySegment> mine = new AtomicReferenceArray<>(frames);
            seen.add(mine);
            race.add(() -> {
                for (int frame = 0; frame < frames; frame++) {
                    mine.set(frame, memory.frame(frame));
                }
            });
        }
        Race.run(race);
        for (int frame = 0; frame < frames; frame++) {
            for (AtomicReferenceArray<MemorySegment> mine : seen) {
                assertThat(mine.get(frame)).isSameAs(memory.frame(frame));
            }
        }
    }

    @Test
    void whatWasWrittenBeforeAReleaseIsSeenAfterAnAcquire() {
        int rounds = 20_000;
        Race.run(List.of(
                () -> {
                    for (int round = 1; round <= rounds; round++) {
                        memory.putInt(0x1000, round);
                        memory.putLong(0x2000, round);
                        memory.putIntRelease(0x3000, round);
                    }
                },
                () -> {
                    for (int round = 0; round < rounds; ) {
                        round = memory.getIntAcquire(0x3000);
                        assertThat(memory.getInt(0x1000)).isGreaterThanOrEqualTo(round);
                        assertThat(memory.getLong(0x2000)).isGreaterThanOrEqualTo(round);
                    }
                }));
    }
}
