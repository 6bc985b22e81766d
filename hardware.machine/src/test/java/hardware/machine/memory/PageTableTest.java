// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

import static hardware.machine.memory.PageTable.COPY_ON_WRITE;
import static hardware.machine.memory.PageTable.EXECUTE;
import static hardware.machine.memory.PageTable.FAULT_NON_CANONICAL;
import static hardware.machine.memory.PageTable.FAULT_NOT_PRESENT;
import static hardware.machine.memory.PageTable.FAULT_PROTECTION;
import static hardware.machine.memory.PageTable.READ;
import static hardware.machine.memory.PageTable.USER;
import static hardware.machine.memory.PageTable.VALID;
import static hardware.machine.memory.PageTable.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import hardware.machine.Race;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Does a page table answer what was mapped, at once after each change, to whoever reads beside the writer? */
final class PageTableTest {
    private static final long PAGE = PhysicalMemory.FRAME_BYTES;
    private static final long STACK = 0x7fff_ffff_f000L;
    private static final long KERNEL = 0xffff_8000_0000_0000L;

    private final PageTable table = new PageTable();

    @Test
    void translationKeepsTheOffsetInThePage() {
        table.map(0x40_0000, 0x1234, READ | USER);
        assertThat(table.translate(0x40_0000, READ)).isEqualTo(0x123_4000);
        assertThat(table.translate(0x40_0fff, READ | USER)).isEqualTo(0x123_4fff);
    }

    @Test
    void eachPermissionIsNeededByItself() {
        int[] permissions = {READ, WRITE, EXECUTE, USER};
        for (int given = 0; given <= (READ | WRITE | EXECUTE | USER); given += 2) {
            table.map(0x1000, 7, given);
            for (int wanted : permissions) {
                long expected = (given & wanted) != 0 ? 7 * PAGE : FAULT_PROTECTION;
                assertThat(table.translate(0x1000, wanted)).isEqualTo(expected);
            }
        }
    }

    @Test
    void frameZeroWithoutPermissionsIsMappedNonetheless() {
        table.map(0, 0, 0);
        assertThat(table.translate(0, READ)).isEqualTo(FAULT_PROTECTION);
        assertThat(table.translate(0, 0)).isZero();
        assertThat(table.entry(0)).isEqualTo(VALID);
    }

    @Test
    void nothingIsMappedInAnEmptyTable() {
        for (long address : new long[] {0, PAGE, STACK, KERNEL, -1}) {
            assertThat(table.translate(address, 0)).isEqualTo(FAULT_NOT_PRESENT);
            assertThat(table.entry(address)).isZero();
            assertThat(table.unmap(address)).isZero();
            assertThat(table.protect(address, READ)).isFalse();
        }
        assertThat(table.pageCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            longs = {0x8000_0000_0000L, 0xffff_7fff_ffff_ffffL, 0x1_0000_0000_0000L, Long.MIN_VALUE, Long.MAX_VALUE})
    void addressesThatAreNot48BitsAreAFaultOfTheirOwn(long address) {
        // The pages with the same low 48 bits are mapped, and the recent leaf has them.
        table.map(address << 16 >> 16, 5, READ);
        assertThat(table.translate(address << 16 >> 16, READ)).isPositive();
        assertThat(table.translate(address, READ)).isEqualTo(FAULT_NON_CANONICAL);
        assertThat(table.entry(address)).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> table.map(address, 1, READ));
        assertThatIllegalArgumentException().isThrownBy(() -> table.unmap(address));
        assertThatIllegalArgumentException().isThrownBy(() -> table.protect(address, READ));
    }

    @Test
    void bothHalvesOfTheAddressSpaceReachTheirEnds() {
        table.map(STACK, 1, READ);
        table.map(KERNEL, 2, READ);
        table.map(-PAGE, 3, READ);
        assertThat(table.translate(STACK + PAGE - 1, READ)).isEqualTo(2 * PAGE - 1);
        assertThat(table.translate(KERNEL, READ)).isEqualTo(2 * PAGE);
        assertThat(table.translate(-1, READ)).isEqualTo(4 * PAGE - 1);
    }

    @Test
    void theHighestFrameIsNoFault() {
        long highest = (1L << 51) - 1;
        table.map(0, highest, READ);
        assertThat(table.translate(0, READ)).isEqualTo(highest << 12);
        assertThat(PageTable.frameOf(table.entry(0))).isEqualTo(highest);
        assertThatIllegalArgumentException().isThrownBy(() -> table.map(0, highest + 1, READ));
        assertThatIllegalArgumentException().isThrownBy(() -> table.map(0, -1, READ));
        assertThatIllegalArgumentException().isThrownBy(() -> table.map(0, 1, 0x1000));
        assertThatIllegalArgumentException().isThrownBy(() -> table.protect(0, -1));
    }

    @Test
    void softwareBitsAreKeptAndChangeNothing() {
        table.map(0x5000, 9, READ | COPY_ON_WRITE | 0x800);
        assertThat(PageTable.flagsOf(table.entry(0x5000))).isEqualTo(VALID | READ | COPY_ON_WRITE | 0x800);
        assertThat(table.translate(0x5000, READ)).isEqualTo(9 * PAGE);
        assertThat(table.translate(0x5000, WRITE)).isEqualTo(FAULT_PROTECTION);
    }

    @Test
    void aChangeIsSeenByTheNextTranslationOfAPageThatWasJustUsed() {
        table.map(0x5000, 9, READ | WRITE);
        assertThat(table.translate(0x5000, WRITE)).isEqualTo(9 * PAGE);
        table.protect(0x5000, READ);
        assertThat(table.translate(0x5000, WRITE)).isEqualTo(FAULT_PROTECTION);
        table.map(0x5000, 10, READ | WRITE);
        assertThat(table.translate(0x5000, WRITE)).isEqualTo(10 * PAGE);
        table.unmap(0x5000);
        assertThat(table.translate(0x5000, READ)).isEqualTo(FAULT_NOT_PRESENT);
        table.map(0x5000, 11, READ);
        assertThat(table.translate(0x5000, READ)).isEqualTo(11 * PAGE);
        table.clear();
        assertThat(table.translate(0x5000, READ)).isEqualTo(FAULT_NOT_PRESENT);
    }

    @Test
    void aVisitorMayUnmapThePageItIsShown() {
        for (long page = 0; page < 100; page++) {
            table.map(page * 3 * PAGE, page, READ);
        }
        List<Long> frames = new ArrayList<>();
        table.forEach((address, entry) -> {
            frames.add(PageTable.frameOf(entry));
            if (PageTable.frameOf(entry) != 50) {
                assertThat(table.unmap(address)).isEqualTo(entry);
            }
        });
        assertThat(frames).hasSize(100).isSorted();
        assertThat(table.pageCount()).isEqualTo(1);
        assertThat(table.translate(150 * PAGE, READ)).isEqualTo(50 * PAGE);
    }

    @Test
    void aRangeIsOfOneHalf() {
        table.map(-PAGE, 1, READ);
        List<Long> seen = new ArrayList<>();
        table.forEach(-PAGE, PAGE, (address, entry) -> seen.add(address));
        table.forEach(-PAGE, 0, (address, entry) -> seen.add(address));
        assertThat(seen).containsExactly(-PAGE);
        assertThatIllegalArgumentException().isThrownBy(() -> table.forEach(-PAGE, PAGE + 1, (a, e) -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> table.forEach(0, -1, (a, e) -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> table.forEach(0, Long.MAX_VALUE, (a, e) -> {}));
    }

    @ParameterizedTest
    @MethodSource("hardware.machine.Seeds#few")
    void aPageTableIsASortedMap(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TreeMap<Long, Long> model = new TreeMap<>(Long::compareUnsigned);
        for (int step = 0; step < 3_000; step++) {
            long address = someAddress(random);
            long page = address & -PAGE;
            int flags = random.nextInt(0x1000);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    long frame = random.nextLong(1L << 51);
                    table.map(address, frame, flags);
                    model.put(page, (frame << 12) | flags | VALID);
                }
                case 3, 4 -> {
                    Long old = model.remove(page);
                    assertThat(table.unmap(address)).isEqualTo(old == null ? 0 : old);
                }
                case 5 ->
                    assertThat(table.protect(address, flags))
                            .isEqualTo(model.computeIfPresent(page, (p, e) -> (e & -PAGE) | flags | VALID) != null);
                case 6 -> assertRangeEquals(model, address, 1 + random.nextLong(200 * PAGE));
                default ->
                    assertThat(table.translate(address, flags)).isEqualTo(expected(model.get(page), address, flags));
            }
            assertThat(table.pageCount()).isEqualTo(model.size());
            if (random.nextInt(1000) == 0) {
                table.clear();
                model.clear();
            }
        }
        Map<Long, Long> all = new TreeMap<>(Long::compareUnsigned);
        table.forEach(all::put);
        assertThat(all).isEqualTo(model);
    }

    private static long expected(Long entry, long address, int flags) {
        if (entry == null) {
            return FAULT_NOT_PRESENT;
        }
        return (entry & flags) == flags ? (entry & -PAGE) | (address & (PAGE - 1)) : FAULT_PROTECTION;
    }

    private void assertRangeEquals(NavigableMap<Long, Long> model, long address, long bytes) {
        boolean leavesHalf = !PageTable.isCanonical(address + bytes - 1) || address < 0 != address + bytes - 1 < 0;
        long length = leavesHalf ? 1 : bytes;
        List<Map.Entry<Long, Long>> seen = new ArrayList<>();
        table.forEach(address, length, (a, e) -> seen.add(Map.entry(a, e)));
        assertThat(seen)
                .containsExactlyElementsOf(model.subMap(address & -PAGE, true, address + length - 1, true)
                        .entrySet());
    }

    /** Clusters of neighbouring pages at many distances, so that nodes are forked, shared and cut off. */
    private static long someAddress(SplittableRandom random) {
        long cluster = random.nextLong(4) << (random.nextInt(36) & ~3);
        long page = (cluster + random.nextLong(40)) & ((1L << 36) - 1);
        return (page << 28 >> 16) + random.nextLong(PAGE);
    }

    @Test
    void aReaderThatFindsALeafWhichIsBeingCutOffDoesNoHarm() {
        AtomicBoolean done = new AtomicBoolean();
        Race.run(List.of(
                () -> {
                    for (int round = 0; round < 300_000; round++) {
                        table.map(STACK, 1, READ);
                        assertThat(table.translate(STACK, READ) == PAGE).isTrue();
                        table.unmap(STACK);
                        assertThat(table.translate(STACK, READ) == FAULT_NOT_PRESENT)
                                .isTrue();
                    }
                    done.set(true);
                },
                () -> {
                    while (!done.get()) {
                        table.translate(STACK, READ);
                    }
                }));
    }

    @Test
    void aReaderBesideTheWriterSeesEachEntryBeforeOrAfterAndNeverAnothers() {
        AtomicBoolean done = new AtomicBoolean();
        // Two areas whose leaves come and go; the frame of each page is its own number.
        long[] areas = {0x40_0000, STACK - 40 * PAGE};
        Race.Runner reader = () -> {
            SplittableRandom random = new SplittableRandom(2);
            while (!done.get()) {
                long address = areas[random.nextInt(2)] + random.nextInt(40) * PAGE;
                long physical = table.translate(address, READ);
                if (physical != FAULT_NOT_PRESENT && physical != FAULT_PROTECTION) {
                    assertThat(physical).isEqualTo(address);
                }
            }
        };
        Race.Runner writer = () -> {
            SplittableRandom random = new SplittableRandom(1);
            for (int step = 0; step < 200_000; step++) {
                long address = areas[random.nextInt(2)] + random.nextInt(40) * PAGE;
                // The translation comes at once, while a reader may still remember a leaf that was cut off.
                switch (random.nextInt(8)) {
                    case 0 -> {
                        table.map(address, address >>> 12, READ);
                        assertThat(table.translate(address, READ)).isEqualTo(address);
                    }
                    case 1 -> {
                        table.map(address, 0, WRITE);
                        assertThat(table.translate(address, READ)).isEqualTo(FAULT_PROTECTION);
                    }
                    case 2 -> {
                        table.clear();
                        assertThat(table.translate(address, READ)).isEqualTo(FAULT_NOT_PRESENT);
                    }
                    default -> {
                        table.unmap(address);
                        assertThat(table.translate(address, READ)).isEqualTo(FAULT_NOT_PRESENT);
                    }
                }
            }
            done.set(true);
        };
        Race.run(List.of(writer, reader));
        table.clear();
        for (long area : areas) {
            assertThat(table.translate(area, 0)).isEqualTo(FAULT_NOT_PRESENT);
        }
    }
}
