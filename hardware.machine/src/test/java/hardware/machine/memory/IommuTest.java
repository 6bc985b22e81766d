// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.machine.Race;
import hardware.machine.bus.MachineObserver;
import hardware.machine.memory.DmaFault.Reason;
import hardware.machine.memory.IommuDomain.Mapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Does a device reach what is mapped for it, in that direction, and nothing else? */
final class IommuTest {
    private static final int PAGE = PhysicalMemory.FRAME_BYTES;

    private final PhysicalMemory memory = new PhysicalMemory(1 << 20);
    private final Iommu iommu = new Iommu(memory, true);
    private final IommuDomain domain = iommu.newDomain("ssd0");
    private final DmaPort port = domain.port();

    @Test
    void aDeviceReadsAndWritesWhatIsMapped() {
        memory.write(0x1ffe, new byte[] {1, 2, 3, 4}, 0, 4);
        long bus = domain.map(0x1ffe, 4, DmaDirection.BIDIRECTIONAL);
        byte[] bytes = new byte[6];
        assertThat(port.read(bus, bytes, 1, 4)).isTrue();
        assertThat(bytes).containsExactly(0, 1, 2, 3, 4, 0);
        assertThat(port.write(bus + 1, new byte[] {8, 9}, 0, 2)).isTrue();
        memory.read(0x1ffe, bytes, 0, 4);
        assertThat(bytes).startsWith(1, 8, 9, 4);
        assertThat(iommu.faultCount()).isZero();
    }

    @Test
    void pagesThatAreNeighboursOnTheBusNeedNotBeSoInMemory() {
        domain.map(0x10_0000, 0x5000, PAGE, DmaDirection.FROM_DEVICE);
        domain.map(0x10_1000, 0x3000, PAGE, DmaDirection.FROM_DEVICE);
        assertThat(port.write(0x10_0ffe, new byte[] {1, 2, 3, 4}, 0, 4)).isTrue();
        assertThat(memory.getInt(0x5ffc)).isEqualTo(0x0201_0000);
        assertThat(memory.getInt(0x3000)).isEqualTo(0x0403);
    }

    @ParameterizedTest
    @EnumSource(DmaDirection.class)
    void aMappingIsForItsDirection(DmaDirection direction) {
        long bus = domain.map(0x2000, 8, direction);
        boolean reads = direction != DmaDirection.FROM_DEVICE;
        boolean writes = direction != DmaDirection.TO_DEVICE;
        assertThat(port.read(bus, new byte[8], 0, 8)).isEqualTo(reads);
        assertThat(port.readInt(bus, new int[1], 0)).isEqualTo(reads);
        assertThat(port.readLong(bus, new long[1], 0)).isEqualTo(reads);
        assertThat(port.write(bus, new byte[] {5}, 0, 1)).isEqualTo(writes);
        assertThat(port.writeInt(bus, 6)).isEqualTo(writes);
        assertThat(port.writeLong(bus, 7)).isEqualTo(writes);
        assertThat(memory.getLong(0x2000)).isEqualTo(writes ? 7 : 0);
        assertThat(iommu.faults()).allMatch(fault -> fault.reason() == Reason.DIRECTION && fault.toMemory() != writes);
        assertThat(iommu.faultCount()).isEqualTo(direction == DmaDirection.BIDIRECTIONAL ? 0 : 3);
    }

    @Test
    void anAccessThatIsRefusedInPartChangesNothing() {
        long bus = domain.map(0x2000, PAGE, DmaDirection.BIDIRECTIONAL);
        memory.fill(0x2000, 2 * PAGE, (byte) 3);
        byte[] bytes = {1, 1, 1, 1};
        assertThat(port.write(bus + PAGE - 2, bytes, 0, 4)).isFalse();
        assertThat(port.read(bus + PAGE - 2, bytes, 0, 4)).isFalse();
        assertThat(bytes).containsOnly(1);
        assertThat(memory.getInt(0x2ffe)).isEqualTo(0x03030303);
        assertThat(iommu.faults())
                .containsExactly(
                        new DmaFault("ssd0", bus + PAGE - 2, 4, true, bus + PAGE, Reason.NOT_MAPPED),
                        new DmaFault("ssd0", bus + PAGE - 2, 4, false, bus + PAGE, Reason.NOT_MAPPED));
    }

    @Test
    void physicalAddressesAndStaleOnesAreFaults() {
        long bus = domain.map(0x2000, PAGE, DmaDirection.BIDIRECTIONAL);
        assertThat(port.writeInt(0x2000, 1)).isFalse();
        assertThat(domain.unmap(bus, PAGE)).isTrue();
        assertThat(port.writeInt(bus, 1)).isFalse();
        assertThat(domain.map(0x2000, PAGE, DmaDirection.BIDIRECTIONAL)).isNotEqualTo(bus);
        assertThat(port.writeInt(bus, 1)).isFalse();
        for (long nowhere : new long[] {0, -4, Long.MIN_VALUE, Long.MAX_VALUE - 3, 1L << 47, 1L << 60}) {
            assertThat(port.writeInt(nowhere, 1)).isFalse();
            assertThat(port.write(nowhere, new byte[8], 0, 8)).isFalse();
        }
        assertThat(memory.getInt(0x2000)).isZero();
    }

    @Test
    void thereIsAHoleBehindEachMapping() {
        long first = domain.map(0x2000, PAGE, DmaDirection.FROM_DEVICE);
        long second = domain.map(0x8000, PAGE, DmaDirection.FROM_DEVICE);
        assertThat(second).isGreaterThan(first + PAGE);
        assertThat(port.write(first, new byte[PAGE + 1], 0, PAGE + 1)).isFalse();
    }

    @Test
    void devicesDoNotSeeEachOthersMappings() {
        long bus = domain.map(0x2000, PAGE, DmaDirection.BIDIRECTIONAL);
        assertThat(iommu.newDomain("nic0").port().readInt(bus, new int[1], 0)).isFalse();
        assertThat(iommu.faults()).singleElement().extracting(DmaFault::device).isEqualTo("nic0");
    }

    @Test
    void orderedAccessesMustBeAligned() {
        long bus = domain.map(0x2000, PAGE, DmaDirection.BIDIRECTIONAL);
        int[] word = {9};
        assertThat(port.readInt(bus + 2, word, 0)).isFalse();
        assertThat(port.writeLong(bus + 4, 1)).isFalse();
        assertThat(word[0]).isEqualTo(9);
        assertThat(iommu.faults()).extracting(DmaFault::reason).containsOnly(Reason.MISALIGNED);
    }

    @Test
    void theDevicesOwnArrayIsCheckedFirst() {
        assertThatThrownBy(() -> port.read(0, new byte[2], 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> port.write(0, new byte[2], 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> port.readInt(0, new int[1], 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> port.readLong(0, new long[1], -1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(iommu.faultCount()).isZero();
    }

    @Test
    void aMappingIsTakenAwayAsItWasMade() {
        long bus = domain.map(0x2010, 100, DmaDirection.TO_DEVICE);
        assertThat(bus % PAGE).isEqualTo(0x10);
        assertThat(domain.unmap(bus, 99)).isFalse();
        assertThat(domain.unmap(bus - 0x10, 100)).isFalse();
        assertThat(domain.mappings()).containsExactly(new Mapping(bus, 0x2010, 100, DmaDirection.TO_DEVICE));
        assertThat(domain.unmap(bus, 100)).isTrue();
        assertThat(domain.unmap(bus, 100)).isFalse();
        assertThat(domain.mappings()).isEmpty();
    }

    @Test
    void whatCannotBeMappedChangesNothing() {
        domain.map(0x10_1000, 0x2000, PAGE, DmaDirection.TO_DEVICE);
        assertThatIllegalStateException()
                .isThrownBy(() -> domain.map(0x10_0000, 0x4000, 2 * PAGE, DmaDirection.TO_DEVICE))
                .withMessageContaining("0x101000");
        assertThatIllegalArgumentException().isThrownBy(() -> domain.map(0x20_0010, 0x4000, 8, DmaDirection.TO_DEVICE));
        assertThatIllegalArgumentException().isThrownBy(() -> domain.map(0x20_0000, 0x4000, 0, DmaDirection.TO_DEVICE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> domain.map((1 << 20) - PAGE, 2 * PAGE, DmaDirection.TO_DEVICE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> domain.map((1L << 47) - PAGE, 0x4000, 2 * PAGE, DmaDirection.TO_DEVICE));
        assertThatIllegalArgumentException().isThrownBy(() -> domain.map(-PAGE, 0x4000, PAGE, DmaDirection.TO_DEVICE));
        assertThatIllegalArgumentException().isThrownBy(() -> domain.allocate(0));
        assertThatIllegalArgumentException().isThrownBy(() -> domain.allocate(1L << 47));
        assertThat(domain.mappings()).hasSize(1);
        assertThat(port.read(0x10_0000, new byte[1], 0, 1)).isFalse();
    }

    @Test
    void addressesComeAgainOnlyWhenAllHaveBeenUsed() {
        // Four huge allocations use the addresses up; what is mapped stays out of the next round.
        long first = domain.map(0x2000, PAGE, DmaDirection.TO_DEVICE);
        assertThat(first).isEqualTo(IommuDomain.FIRST_BUS_ADDRESS);
        long huge = 1L << 45;
        long last = first;
        for (int i = 0; i < 3; i++) {
            long next = domain.allocate(huge);
            assertThat(next).isGreaterThan(last);
            last = next;
        }
        assertThat(domain.allocate(huge)).isEqualTo(first + 2 * PAGE);
        domain.unmap(first, PAGE);
        assertThat(domain.allocate(huge)).isGreaterThan(first);
        domain.map(IommuDomain.FIRST_BUS_ADDRESS + huge, 0, 1, DmaDirection.TO_DEVICE);
        assertThatIllegalStateException()
                .isThrownBy(() -> domain.allocate(IommuDomain.END_OF_BUS_ADDRESSES - (1L << 41)))
                .withMessageContaining("ssd0");
    }

    @Test
    void anUnpluggedDeviceReachesNothingAndNobodyIsBlamed() {
        long bus = domain.map(0x2000, PAGE, DmaDirection.BIDIRECTIONAL);
        domain.disconnect();
        assertThat(port.writeInt(bus, 1)).isFalse();
        assertThat(memory.getInt(0x2000)).isZero();
        assertThat(iommu.faultCount()).isZero();
        assertThat(domain.unmap(bus, PAGE)).isTrue();
    }

    @Test
    void unmapAllLeavesNothing() {
        long bus = domain.map(0x2000, 3 * PAGE, DmaDirection.BIDIRECTIONAL);
        domain.unmapAll();
        assertThat(domain.mappings()).isEmpty();
        assertThat(port.readInt(bus, new int[1], 0)).isFalse();
        domain.map(bus, 0x4000, PAGE, DmaDirection.BIDIRECTIONAL);
        assertThat(port.readInt(bus, new int[1], 0)).isTrue();
    }

    @Test
    void theObserverIsToldOfEachAccess() {
        List<String> seen = new ArrayList<>();
        iommu.observe(new MachineObserver() {
            @Override
            public void deviceStep(String device, String step, long value) {
                throw new AssertionError("no step was taken");
            }

            @Override
            public void dma(String device, long busAddress, long length, boolean toMemory) {
                seen.add("%s %d %s".formatted(device, length, toMemory ? "in" : "out"));
            }

            @Override
            public void dmaFault(String device, long busAddress, long length, boolean toMemory) {
                seen.add("%s fault 0x%x %d %s".formatted(device, busAddress, length, toMemory ? "in" : "out"));
            }
        });
        long bus = domain.map(0x2000, PAGE, DmaDirection.BIDIRECTIONAL);
        port.read(bus, new byte[3], 0, 3);
        port.write(bus, new byte[2], 0, 2);
        port.readInt(bus, new int[1], 0);
        port.writeLong(bus, 1);
        port.writeInt(0x30, 1);
        assertThat(seen).containsExactly("ssd0 3 out", "ssd0 2 in", "ssd0 4 out", "ssd0 8 in", "ssd0 fault 0x30 4 in");
        iommu.observe(null);
        port.writeInt(0x30, 1);
        assertThat(seen).hasSize(5);
    }

    @Test
    void theFaultLogKeepsTheLast() {
        for (int i = 0; i < 100; i++) {
            port.writeInt(4L * i, 1);
        }
        assertThat(iommu.faultCount()).isEqualTo(100);
        assertThat(iommu.faults()).hasSize(Iommu.FAULT_LOG_LENGTH);
        assertThat(iommu.faults().getFirst().busAddress()).isEqualTo(4 * 36);
        assertThat(iommu.faults().getLast())
                .hasToString("DMAR: [DMA Write] ssd0, 4 bytes at 0x18c, fault addr 0x18c: NOT_MAPPED");
    }

    @Test
    void withoutTranslationAllOfMemoryIsOpen() {
        Iommu open = new Iommu(memory, false);
        IommuDomain openDomain = open.newDomain("ssd0");
        DmaPort openPort = openDomain.port();
        assertThat(openPort.write(0x2ffe, new byte[] {1, 2, 3, 4}, 0, 4)).isTrue();
        assertThat(memory.getInt(0x2ffe)).isEqualTo(0x04030201);
        assertThat(openPort.writeLong(1 << 20, 1)).isFalse();
        assertThat(openPort.read((1 << 20) - 1, new byte[2], 0, 2)).isFalse();
        assertThat(open.faults()).extracting(DmaFault::reason).containsOnly(Reason.BEYOND_MEMORY);
        // Mappings are noted, even twice at one address.
        assertThat(openDomain.map(0x2000, 8, DmaDirection.TO_DEVICE)).isEqualTo(0x2000);
        assertThat(openDomain.map(0x2000, 16, DmaDirection.TO_DEVICE)).isEqualTo(0x2000);
        assertThat(openDomain.allocate(8)).isZero();
        assertThat(openDomain.mappings()).hasSize(2);
        assertThat(openDomain.unmap(0x2000, 8)).isTrue();
        assertThat(openDomain.unmap(0x2000, 8)).isFalse();
        assertThat(openDomain.unmap(0x2000, 16)).isTrue();
        assertThat(openDomain.mappings()).isEmpty();
        openDomain.disconnect();
        assertThat(openPort.writeInt(0, 1)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("hardware.machine.Seeds#few")
    void aDomainIsWhatItsMappingsSay(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        // The model: for each bus page the physical page and the direction.
        TreeMap<Long, Mapping> model = new TreeMap<>();
        List<Mapping> made = new ArrayList<>();
        byte[] bytes = new byte[2 * PAGE];
        List<DmaDirection> directions = List.of(DmaDirection.values());
        for (int step = 0; step < 1_000; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    long physical = random.nextLong((1 << 20) - 3 * PAGE);
                    long length = 1 + random.nextLong(3 * PAGE);
                    DmaDirection direction = directions.get(random.nextInt(3));
                    Mapping mapping = new Mapping(domain.map(physical, length, direction), physical, length, direction);
                    made.add(mapping);
                    for (long page = mapping.busAddress() & -PAGE; page < mapping.busAddress() + length; page += PAGE) {
                        assertThat(model.put(page, mapping)).isNull();
                    }
                }
                case 1 -> {
                    if (!made.isEmpty()) {
                        Mapping mapping = made.remove(random.nextInt(made.size()));
                        assertThat(domain.unmap(mapping.busAddress(), mapping.bytes()))
                                .isTrue();
                        model.values().removeIf(mapping::equals);
                    }
                }
                default -> {
                    long bus = model.isEmpty() ? 0x1000 : model.firstKey() + random.nextLong(40 * PAGE);
                    int length = 1 + random.nextInt(bytes.length);
                    boolean toMemory = random.nextBoolean();
                    boolean expected = true;
                    for (long page = bus & -PAGE; page < bus + length; page += PAGE) {
                        Mapping mapping = model.get(page);
                        DmaDirection forbidden = toMemory ? DmaDirection.TO_DEVICE : DmaDirection.FROM_DEVICE;
                        expected &= mapping != null && mapping.direction() != forbidden;
                    }
                    boolean done = toMemory ? port.write(bus, bytes, 0, length) : port.read(bus, bytes, 0, length);
                    assertThat(done).isEqualTo(expected);
                }
            }
            made.sort(Comparator.comparingLong(Mapping::busAddress));
            assertThat(domain.mappings()).isEqualTo(made);
        }
    }

    @Test
    void nothingIsWrittenThroughAMappingAfterUnmapHasReturned() {
        AtomicBoolean done = new AtomicBoolean();
        long bus = 0x10_0000;
        byte[] ones = new byte[2 * PAGE];
        Arrays.fill(ones, (byte) 1);
        Race.run(List.of(
                () -> {
                    while (!done.get()) {
                        port.write(bus, ones, 0, ones.length);
                    }
                },
                () -> {
                    byte[] seen = new byte[2 * PAGE];
                    byte[] zeros = new byte[2 * PAGE];
                    for (int round = 0; round < 300; round++) {
                        domain.map(bus, 0x4000, 2 * PAGE, DmaDirection.FROM_DEVICE);
                        domain.unmap(bus, 2 * PAGE);
                        memory.fill(0x4000, 2 * PAGE, (byte) 0);
                        memory.read(0x4000, seen, 0, seen.length);
                        assertThat(Arrays.equals(seen, zeros)).isTrue();
                    }
                    done.set(true);
                }));
    }
}
