// SPDX-License-Identifier: Apache-2.0
package kernel.core.dma;

import static hardware.machine.memory.DmaDirection.BIDIRECTIONAL;
import static hardware.machine.memory.DmaDirection.FROM_DEVICE;
import static hardware.machine.memory.DmaDirection.TO_DEVICE;
import static kernel.uapi.Errno.EIO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine.Trigger;
import hardware.machine.memory.DmaPort;
import hardware.machine.memory.IommuDomain;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kernel.api.dma.CoherentMemory;
import kernel.api.dma.Dma;
import kernel.api.dma.ScatterList;
import kernel.api.memory.Gfp;
import kernel.api.memory.KernelMemory;
import kernel.core.Kernel;
import kernel.core.KernelConfig;
import kernel.core.device.DeviceBinding;
import kernel.core.execution.Doorbell;
import kernel.core.execution.KernelBug;
import kernel.core.execution.Task;
import kernel.core.fixture.Booted;
import kernel.core.module.LoadedModule;
import kernel.core.module.ModuleInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Does a device reach what its driver mapped, as long as it did, and is a driver told that maps wrongly? */
class DeviceDmaTest {
    private static final int PAGE = 4096;
    private static final int ROUNDS = 20_000;

    private final Booted booted = Booted.withSeed(1);
    private final Kernel kernel = booted.kernel();
    private final BusDevice device = kernel.machine().bus().attach(new Doorbell(Trigger.LEVEL));
    private final DmaPort port = device.iommuDomain().port();
    private final DeviceBinding binding = bind(kernel, device);
    private final Dma dma = binding.dma();

    @AfterEach
    void close() {
        booted.close();
    }

    private static DeviceBinding bind(Kernel kernel, BusDevice device) {
        LoadedModule module = kernel.modules()
                .add(
                        new ModuleInfo("bell", "bell.jar", 1, "", "Apache-2.0", List.of(), List.of(), List.of()),
                        Map.of());
        return kernel.call("insmod", context -> {
            DeviceBinding fresh = kernel.devices().newBinding(device, module, "bell", (Task) context);
            fresh.probed();
            return fresh;
        });
    }

    private void inTask(Consumer<Task> code) {
        kernel.call("driver", context -> {
            code.accept((Task) context);
            return null;
        });
    }

    private long physicalPage() {
        KernelMemory memory = kernel.heap().allocatePages("test", PAGE);
        return memory.physicalAddress();
    }

    private List<String> warnings() {
        return booted.logLines().stream()
                .filter(line -> line.startsWith("DMA-API") || line.startsWith("One of leaked"))
                .toList();
    }

    // ---- coherent memory

    @Test
    void coherentMemoryIsZeroAlignedAndSharedWithTheDevice() {
        inTask(task -> {
            CoherentMemory ring = dma.allocateCoherent(3 * PAGE + 8, Gfp.KERNEL);
            assertThat(ring.sizeBytes()).isEqualTo(3 * PAGE + 8);
            assertThat(ring.busAddress() % PAGE).isZero();
            byte[] all = new byte[(int) ring.sizeBytes()];
            ring.read(0, all, 0, all.length);
            assertThat(all).containsOnly(0);
            ring.putLong(PAGE - 4, 0x1122334455667788L);
            ring.putInt(8, 7);
            ring.putIntRelease(16, 9);
            long[] seen = new long[1];
            int[] word = new int[1];
            assertThat(port.readInt(ring.busAddress() + 8, word, 0)).isTrue();
            assertThat(word[0]).isEqualTo(7);
            assertThat(port.readInt(ring.busAddress() + PAGE, word, 0)).isTrue();
            assertThat(word[0]).as("little-endian across pages").isEqualTo(0x11223344);
            assertThat(port.readLong(ring.busAddress() + 16, seen, 0)).isTrue();
            assertThat(seen[0]).isEqualTo(9);
            assertThat(port.writeInt(ring.busAddress() + 3 * PAGE, 5)).isTrue();
            assertThat(ring.getIntAcquire(3 * PAGE)).isEqualTo(5);
            assertThat(ring.getInt(3 * PAGE)).isEqualTo(5);
            ring.write(0, new byte[] {1, 2, 3, 4}, 1, 3);
            assertThat(ring.getInt(0)).isEqualTo(0x040302);
            ring.clear(0, 2);
            assertThat(ring.getLong(0)).isEqualTo(0x04_0000);
        });
    }

    @Test
    void coherentMemoryHasBounds() {
        inTask(task -> {
            CoherentMemory ring = dma.allocateCoherent(100, Gfp.KERNEL);
            assertThatThrownBy(() -> ring.getInt(97)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> ring.putLong(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> ring.read(90, new byte[20], 0, 11)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> ring.write(0, new byte[2], 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> ring.clear(50, 51)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> ring.getIntAcquire(2)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> dma.allocateCoherent(0, Gfp.KERNEL)).isInstanceOf(IllegalArgumentException.class);
            assertThat(dma.allocateCoherent((4L << 20) + 1, Gfp.KERNEL)).isNull();
        });
    }

    @Test
    void freedCoherentMemoryIsOutOfReachOfBoth() {
        long before = kernel.pages().freePages();
        inTask(task -> {
            CoherentMemory ring = dma.allocateCoherent(PAGE, Gfp.KERNEL);
            long bus = ring.busAddress();
            assertThat(kernel.pages().freePages()).isEqualTo(before - 1);
            dma.freeCoherent(ring);
            assertThat(kernel.pages().freePages()).isEqualTo(before);
            assertThat(port.writeInt(bus, 1)).isFalse();
            assertThatThrownBy(() -> ring.getInt(0)).isInstanceOf(KernelBug.class);
            dma.freeCoherent(ring);
        });
        assertThat(warnings())
                .containsExactly("DMA-API: bell " + device.name()
                        + ": device driver tries to free DMA memory it has not allocated [device address=0x%016x] [size=4096 bytes]"
                                .formatted(IommuDomain.FIRST_BUS_ADDRESS));
    }

    @Test
    void coherentMemoryGoesWithTheDriver() {
        long before = kernel.pages().freePages();
        List<CoherentMemory> rings = new ArrayList<>();
        inTask(task -> {
            rings.add(dma.allocateCoherent(PAGE, Gfp.KERNEL));
            rings.add(dma.allocateCoherent(5 * PAGE, Gfp.KERNEL));
            binding.release(task);
            assertThatThrownBy(() -> dma.allocateCoherent(1, Gfp.KERNEL)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> dma.map(task, 0, 1, TO_DEVICE)).isInstanceOf(IllegalStateException.class);
        });
        assertThat(kernel.pages().freePages()).isEqualTo(before);
        assertThat(rings).allMatch(ring -> !port.writeInt(ring.busAddress(), 1));
        assertThat(device.iommuDomain().mappings()).isEmpty();
        assertThat(warnings()).isEmpty();
    }

    // ---- streaming mappings

    @Test
    void aMappingIsForOneDirectionAndUntilItIsUnmapped() {
        long physical = physicalPage();
        inTask(task -> {
            long bus = dma.map(task, physical + 512, 1024, FROM_DEVICE);
            assertThat(bus % PAGE).isEqualTo(512);
            assertThat(port.writeInt(bus + 4, 3)).isTrue();
            assertThat(port.readInt(bus, new int[1], 0)).isFalse();
            assertThat(kernel.machine().memory().getInt(physical + 516)).isEqualTo(3);
            dma.syncForProcessor(task, bus, 1024, FROM_DEVICE);
            dma.syncForDevice(task, bus + 100, 24, FROM_DEVICE);
            dma.unmap(task, bus, 1024, FROM_DEVICE);
            assertThat(port.writeInt(bus + 4, 4)).isFalse();
        });
        assertThat(warnings()).isEmpty();
        assertThat(kernel.taint().text()).isEqualTo("Not tainted");
    }

    @Test
    void aListIsMappedWholeOrNotAtAll() {
        long physical = physicalPage();
        inTask(task -> {
            ScatterList list = new ScatterList(1);
            list.add(physical, 100);
            list.add(physical + 200, 8);
            list.add(physicalPage(), PAGE);
            assertThat(dma.map(task, list, TO_DEVICE)).isEqualTo(3);
            assertThat(port.readInt(list.busAddress(1), new int[1], 0)).isTrue();
            assertThat(device.iommuDomain().mappings()).hasSize(3);
            dma.unmap(task, list, TO_DEVICE);
            assertThat(device.iommuDomain().mappings()).isEmpty();
            list.add(Long.MAX_VALUE - PAGE, PAGE);
            assertThat(dma.map(task, list, TO_DEVICE)).isZero();
            assertThat(device.iommuDomain().mappings()).isEmpty();
        });
        assertThat(warnings()).singleElement().asString().contains("device driver maps what is not memory");
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 24, 40, 41, 48, 64})
    void addressesFitTheMask(int bits) {
        long physical = physicalPage();
        inTask(task -> {
            assertThat(dma.setMask(bits)).isZero();
            for (int i = 0; i < 10_000; i++) {
                long bus = dma.map(task, physical, 64, TO_DEVICE);
                assertThat(bus).isPositive();
                assertThat(bits == 64 || bus + 64 <= 1L << bits).isTrue();
                dma.unmap(task, bus, 64, TO_DEVICE);
            }
        });
        assertThat(warnings()).isEmpty();
    }

    @Test
    void aMaskWithoutAddressesIsRefused() {
        for (int bits : new int[] {0, -1, 65, 1, 12}) {
            assertThat(dma.setMask(bits)).isEqualTo(-EIO);
        }
        inTask(task ->
                assertThat(dma.map(task, physicalPage(), 1, TO_DEVICE)).isEqualTo(IommuDomain.FIRST_BUS_ADDRESS));
    }

    @Test
    void whenTheAddressesAreUsedUpMappingFails() {
        assertThat(dma.setMask(14)).isZero();
        long physical = physicalPage();
        inTask(task -> {
            long bus = dma.map(task, physical, PAGE, TO_DEVICE);
            assertThat(bus).isPositive();
            assertThat(dma.map(task, physical, 2 * PAGE, TO_DEVICE)).isEqualTo(Dma.MAPPING_ERROR);
            assertThat(dma.allocateCoherent(2 * PAGE, Gfp.KERNEL)).isNull();
            dma.unmap(task, bus, PAGE, TO_DEVICE);
            assertThat(dma.map(task, physical, 2 * PAGE, TO_DEVICE)).isPositive();
        });
        assertThat(warnings()).isEmpty();
    }

    @Test
    void withoutAnIommuBusAddressesArePhysicalOnes() {
        try (Booted open = new Booted(KernelConfig.deterministic(1).withIommu(false))) {
            BusDevice other = open.kernel().machine().bus().attach(new Doorbell(Trigger.LEVEL));
            DeviceBinding bound = bind(open.kernel(), other);
            open.kernel().call("driver", context -> {
                long physical = open.kernel().heap().allocatePages("test", PAGE).physicalAddress();
                long bus = bound.dma().map(context, physical, PAGE, FROM_DEVICE);
                assertThat(bus).isEqualTo(physical);
                assertThat(bound.dma().map(context, physical, PAGE, FROM_DEVICE))
                        .isEqualTo(physical);
                bound.dma().unmap(context, bus, PAGE, FROM_DEVICE);
                bound.dma().unmap(context, bus, PAGE, FROM_DEVICE);
                assertThat(bound.dma().setMask(64)).isZero();
                assertThat(bound.dma().setMask(12)).isEqualTo(-EIO);
                return null;
            });
            assertThat(open.logLines()).noneMatch(line -> line.startsWith("DMA-API"));
        }
    }

    // ---- what is said of misuse

    private void expect(String... words) {
        List<String> expected = Stream.of(words)
                .map(line -> line.startsWith("One of") ? line : "DMA-API: bell " + device.name() + ": " + line)
                .toList();
        assertThat(warnings()).isEqualTo(expected);
        assertThat(kernel.taint().text()).contains("W");
    }

    @Test
    void freeingWhatWasNotMappedIsReported() {
        inTask(task -> dma.unmap(task, 0x1000, 64, TO_DEVICE));
        expect(
                "device driver tries to free DMA memory it has not allocated [device address=0x0000000000001000] [size=64 bytes]");
    }

    @Test
    void theMiddleOfAMappingIsNoMapping() {
        long physical = physicalPage();
        inTask(task -> {
            long bus = dma.map(task, physical, PAGE, TO_DEVICE);
            dma.unmap(task, bus + 64, 64, TO_DEVICE);
            assertThat(port.readInt(bus, new int[1], 0)).isTrue();
        });
        expect(
                "device driver tries to free DMA memory it has not allocated [device address=0x0000010000000040] [size=64 bytes]");
    }

    @Test
    void anotherSizeIsReportedAndTheMappingGoesWhole() {
        long physical = physicalPage();
        inTask(task -> {
            long bus = dma.map(task, physical, PAGE, TO_DEVICE);
            dma.unmap(task, bus, 64, TO_DEVICE);
            assertThat(port.readInt(bus, new int[1], 0)).isFalse();
        });
        assertThat(device.iommuDomain().mappings()).isEmpty();
        expect(
                "device driver frees DMA memory with different size [device address=0x0000010000000000] [map size=4096 bytes] [unmap size=64 bytes]");
    }

    @Test
    void anotherDirectionIsReported() {
        long physical = physicalPage();
        inTask(task -> dma.unmap(task, dma.map(task, physical, PAGE, TO_DEVICE), PAGE, BIDIRECTIONAL));
        assertThat(device.iommuDomain().mappings()).isEmpty();
        expect(
                "device driver frees DMA memory with different direction [device address=0x0000010000000000] [size=4096 bytes]"
                        + " [mapped with DMA_TO_DEVICE] [unmapped with DMA_BIDIRECTIONAL]");
    }

    @Test
    void whoTakesTheErrorForAnAddressIsReported() {
        inTask(task -> {
            dma.unmap(task, Dma.MAPPING_ERROR, PAGE, TO_DEVICE);
            dma.syncForDevice(task, Dma.MAPPING_ERROR, PAGE, TO_DEVICE);
        });
        String line =
                "device driver failed to check map error[device address=0xffffffffffffffff] [size=4096 bytes] [mapped with DMA_TO_DEVICE]";
        expect(line, line);
    }

    @Test
    void syncsAreChecked() {
        long physical = physicalPage();
        inTask(task -> {
            long bus = dma.map(task, physical, 100, TO_DEVICE);
            dma.syncForDevice(task, bus, 100, TO_DEVICE);
            dma.syncForDevice(task, bus + 50, 51, TO_DEVICE);
            dma.syncForProcessor(task, bus, 100, FROM_DEVICE);
            dma.syncForProcessor(task, 0x5000, 1, FROM_DEVICE);
            dma.unmap(task, bus, 100, TO_DEVICE);
        });
        expect(
                "device driver syncs DMA memory outside allocated range [device address=0x0000010000000032] [allocation size=100 bytes] [sync offset+size=101]",
                "device driver syncs DMA memory with different direction [device address=0x0000010000000000] [size=100 bytes]"
                        + " [mapped with DMA_TO_DEVICE] [synced with DMA_FROM_DEVICE]",
                "device driver tries to sync DMA memory it has not allocated [device address=0x0000000000005000] [size=1 bytes]");
    }

    @Test
    void whatIsLeftMappedIsCountedAndUnmapped() {
        long physical = physicalPage();
        inTask(task -> {
            long first = dma.map(task, physical, 100, TO_DEVICE);
            dma.map(task, physical, 200, FROM_DEVICE);
            binding.release(task);
            assertThat(port.readInt(first, new int[1], 0)).isFalse();
        });
        assertThat(device.iommuDomain().mappings()).isEmpty();
        expect(
                "device driver has pending DMA allocations while released from device [count=2]",
                "One of leaked entries details: [device address=0x0000010000000000] [size=100 bytes] [mapped with DMA_TO_DEVICE]");
    }

    @Test
    void anUnpluggedDevicesMappingsAreUnmappedWithoutAComplaint() {
        long physical = physicalPage();
        inTask(task -> {
            long bus = dma.map(task, physical, PAGE, TO_DEVICE);
            kernel.machine().bus().detach(device.name());
            dma.unmap(task, bus, PAGE, TO_DEVICE);
            binding.release(task);
        });
        assertThat(warnings()).isEmpty();
    }

    // ---- cost

    @Test
    void mappingAllocatesNothingOnTheHeap() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long physical = physicalPage();
        ScatterList list = new ScatterList(32);
        for (int i = 0; i < 32; i++) {
            list.add(physical, 512);
        }
        List<Task> anyContext = new ArrayList<>();
        inTask(anyContext::add);
        Task task = anyContext.getFirst();
        mapAndUnmap(task, physical, list);
        long before = threads.getCurrentThreadAllocatedBytes();
        mapAndUnmap(task, physical, list);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(ROUNDS);
        assertThat(device.iommuDomain().mappings()).isEmpty();
    }

    private void mapAndUnmap(Task task, long physical, ScatterList list) {
        for (int i = 0; i < ROUNDS; i++) {
            long bus = dma.map(task, physical, PAGE, TO_DEVICE);
            dma.map(task, list, FROM_DEVICE);
            dma.syncForProcessor(task, bus, PAGE, TO_DEVICE);
            dma.unmap(task, list, FROM_DEVICE);
            dma.unmap(task, bus, PAGE, TO_DEVICE);
        }
    }
}
