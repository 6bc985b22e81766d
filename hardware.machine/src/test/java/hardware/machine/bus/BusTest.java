// SPDX-License-Identifier: Apache-2.0
package hardware.machine.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import hardware.machine.cpu.Processor;
import hardware.machine.interrupt.InterruptController;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.InterruptLine.Trigger;
import hardware.machine.memory.DmaDirection;
import hardware.machine.memory.Iommu;
import hardware.machine.memory.PhysicalMemory;
import hardware.machine.time.VirtualTimeline;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Do devices get a place of their own, and leave nothing behind when they are pulled out? */
final class BusTest {
    private final Processor[] processors = {new Processor(0)};
    private final InterruptController interrupts = new InterruptController(processors);
    private final PhysicalMemory memory = new PhysicalMemory(1 << 20);
    private final Iommu iommu = new Iommu(memory, true);
    private final VirtualTimeline timeline = new VirtualTimeline();
    private final Bus bus = new Bus(timeline, interrupts, iommu, 1);

    /** A device of plain registers, with a level and an edge line. */
    private static final class Registers implements DeviceModel {
        final String type;
        final int[] registers;
        DeviceEnvironment environment;
        InterruptLine level;
        InterruptLine edge;
        boolean detached;

        Registers(String type, int windowBytes) {
            this.type = type;
            registers = new int[windowBytes / 4];
        }

        @Override
        public String type() {
            return type;
        }

        @Override
        public String compatible() {
            return "ubend," + type;
        }

        @Override
        public int windowBytes() {
            return registers.length * 4;
        }

        @Override
        public void attached(DeviceEnvironment given) {
            environment = given;
            level = given.interruptLine(Trigger.LEVEL);
            edge = given.interruptLine(Trigger.EDGE);
        }

        @Override
        public void detached() {
            detached = true;
        }

        @Override
        public int read32(int offset) {
            assertThat(detached).isFalse();
            return registers[offset / 4];
        }

        @Override
        public void write32(int offset, int value) {
            assertThat(detached).isFalse();
            registers[offset / 4] = value;
        }
    }

    @Test
    void devicesAreNamedByTypeAndTheLowestFreeNumber() {
        assertThat(bus.attach(new Registers("disk", 16)).name()).isEqualTo("disk0");
        assertThat(bus.attach(new Registers("nic", 16)).name()).isEqualTo("nic0");
        assertThat(bus.attach(new Registers("disk", 16)).name()).isEqualTo("disk1");
        assertThat(bus.detach("disk0")).isTrue();
        assertThat(bus.device("disk0")).isNull();
        assertThat(bus.attach(new Registers("disk", 16)).name()).isEqualTo("disk0");
        assertThat(bus.devices()).extracting(BusDevice::name).containsExactly("nic0", "disk1", "disk0");
        assertThat(bus.device("nic0").compatible()).isEqualTo("ubend,nic");
        assertThat(bus.device("nic0").type()).isEqualTo("nic");
        assertThat(bus.device("nic0")).hasToString("nic0 (ubend,nic) at 0xfe001000");
    }

    @Test
    void registersAreReachedThroughTheWindow() {
        Registers model = new Registers("disk", 16);
        BusDevice device = bus.attach(model);
        device.write32(12, 0xcafe);
        assertThat(model.registers).containsExactly(0, 0, 0, 0xcafe);
        assertThat(device.read32(12)).isEqualTo(0xcafe);
        assertThat(device.windowBytes()).isEqualTo(16);
        assertThat(device.isPresent()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {-4, 1, 2, 3, 16, 17, 20, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void anOffsetThatIsNotInTheWindowIsABusError(int offset) {
        BusDevice device = bus.attach(new Registers("disk", 16));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> device.read32(offset))
                .withMessageStartingWith("bus error: offset 0x" + Integer.toHexString(offset) + " of disk0");
        assertThatIllegalArgumentException().isThrownBy(() -> device.write32(offset, 1));
        bus.detach("disk0");
        assertThatIllegalArgumentException().isThrownBy(() -> device.read32(offset));
    }

    @ParameterizedTest
    @MethodSource("hardware.machine.Seeds#few")
    void windowsNeverOverlap(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < 200; step++) {
            List<BusDevice> devices = bus.devices();
            if (!devices.isEmpty() && random.nextInt(5) < 2) {
                bus.detach(devices.get(random.nextInt(devices.size())).name());
            } else if (devices.size() < 60) {
                bus.attach(new Registers("disk", 4 * (1 + random.nextInt(4000))));
            }
            List<BusDevice> now = bus.devices();
            for (int i = 0; i < now.size(); i++) {
                BusDevice a = now.get(i);
                assertThat(a.baseAddress() % 0x1000).isZero();
                assertThat(a.baseAddress()).isGreaterThanOrEqualTo(Bus.FIRST_WINDOW);
                for (BusDevice b : now.subList(i + 1, now.size())) {
                    assertThat(a.baseAddress() + a.windowBytes() <= b.baseAddress()
                                    || b.baseAddress() + b.windowBytes() <= a.baseAddress())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void eachDeviceHasLinesOfItsOwn() {
        BusDevice first = bus.attach(new Registers("disk", 16));
        BusDevice second = bus.attach(new Registers("disk", 16));
        Set<Integer> numbers = new HashSet<>();
        for (BusDevice device : List.of(first, second)) {
            for (InterruptLine line : device.interruptLines()) {
                assertThat(line.number()).isGreaterThanOrEqualTo(Bus.FIRST_DEVICE_LINE);
                assertThat(line.name()).isEqualTo(device.name());
                assertThat(interrupts.line(line.number())).isSameAs(line);
                numbers.add(line.number());
            }
        }
        assertThat(numbers).hasSize(4);
        assertThat(first.interruptLines())
                .extracting(InterruptLine::trigger)
                .containsExactly(Trigger.LEVEL, Trigger.EDGE);
    }

    @Test
    void linesAreWiredWhenADeviceIsAttachedAndNotLater() {
        Registers model = new Registers("disk", 16);
        bus.attach(model);
        assertThatIllegalStateException().isThrownBy(() -> model.environment.interruptLine(Trigger.EDGE));
    }

    @Test
    void aDeviceThatWasPulledOutReadsAsAllOnes() {
        Registers model = new Registers("disk", 16);
        BusDevice device = bus.attach(model);
        assertThat(bus.detach("disk0")).isTrue();
        assertThat(model.detached).isTrue();
        assertThat(device.isPresent()).isFalse();
        assertThat(device.read32(0)).isEqualTo(-1);
        device.write32(0, 5);
        assertThat(model.registers[0]).isZero();
        assertThat(bus.detach("disk0")).isFalse();
        assertThat(bus.detach("nothing")).isFalse();
    }

    @Test
    void linesOfAPulledDeviceAreFreeAndSilent() {
        Registers model = new Registers("disk", 16);
        bus.attach(model);
        interrupts.unmask(model.level);
        model.level.raise();
        bus.detach("disk0");
        model.edge.raise();
        assertThat(interrupts.claim(processors[0])).isNull();
        assertThat(interrupts.line(model.level.number())).isNull();
        Registers next = new Registers("disk", 16);
        bus.attach(next);
        assertThat(next.level.number()).isEqualTo(model.level.number());
        interrupts.unmask(next.level);
        model.level.raise();
        assertThat(interrupts.claim(processors[0])).isNull();
    }

    @Test
    void aPulledDeviceReachesNoMemoryAndItsMappingsWaitForTheirOwner() {
        Registers model = new Registers("disk", 16);
        BusDevice device = bus.attach(model);
        long address = device.iommuDomain().map(0x2000, 16, DmaDirection.BIDIRECTIONAL);
        assertThat(model.environment.dma().writeInt(address, 1)).isTrue();
        bus.detach("disk0");
        assertThat(model.environment.dma().writeInt(address, 2)).isFalse();
        assertThat(memory.getInt(0x2000)).isEqualTo(1);
        assertThat(iommu.faultCount()).isZero();
        assertThat(device.iommuDomain().unmap(address, 16)).isTrue();
    }

    @Test
    void listenersAreToldAfterADeviceCameAndAfterItWent() {
        List<String> told = new ArrayList<>();
        BusListener listener = new BusListener() {
            @Override
            public void attached(BusDevice device) {
                told.add("+" + device.name() + device.isPresent());
            }

            @Override
            public void detached(BusDevice device) {
                told.add("-" + device.name() + device.isPresent() + device.read32(0));
                // The line is freed last, so that the kernel can still take its handler off.
                InterruptLine line = device.interruptLines().getFirst();
                assertThat(interrupts.line(line.number())).isSameAs(line);
            }
        };
        bus.listen(listener);
        bus.attach(new Registers("disk", 16));
        bus.detach("disk0");
        bus.unlisten(listener);
        bus.attach(new Registers("disk", 16));
        assertThat(told).containsExactly("+disk0true", "-disk0false-1");
    }

    @Test
    void aModelThatThrowsLeavesNothingBehind() {
        DeviceModel broken = new DeviceModel() {
            @Override
            public String type() {
                return "broken";
            }

            @Override
            public String compatible() {
                return "ubend,broken";
            }

            @Override
            public int windowBytes() {
                return 4;
            }

            @Override
            public void attached(DeviceEnvironment environment) {
                environment.interruptLine(Trigger.EDGE);
                throw new IllegalStateException("no power");
            }

            @Override
            public void detached() {}

            @Override
            public int read32(int offset) {
                return 0;
            }

            @Override
            public void write32(int offset, int value) {}
        };
        assertThatIllegalStateException().isThrownBy(() -> bus.attach(broken)).withMessage("no power");
        assertThat(bus.devices()).isEmpty();
        assertThat(interrupts.line(Bus.FIRST_DEVICE_LINE)).isNull();
    }

    @Test
    void aWindowIsAMultipleOfFourBytes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bus.attach(new Registers("disk", 0)))
                .withMessageContaining("disk0");
        assertThat(bus.devices()).isEmpty();
    }

    @Test
    void aDeviceSeesItsEnvironment() {
        Registers model = new Registers("disk", 16);
        bus.attach(model);
        assertThat(model.environment.deviceName()).isEqualTo("disk0");
        assertThat(model.environment.timeline()).isSameAs(timeline);
        assertThat(model.environment.dma())
                .isSameAs(bus.device("disk0").iommuDomain().port());
    }

    @Test
    void randomnessOfADeviceIsItsOwnAndComesFromTheSeed() {
        List<Long> first = randomNumbers(7);
        assertThat(randomNumbers(7)).isEqualTo(first);
        assertThat(randomNumbers(8)).isNotEqualTo(first);
        assertThat(first).doesNotHaveDuplicates();
    }

    private List<Long> randomNumbers(long seed) {
        Bus seeded = new Bus(timeline, new InterruptController(processors), iommu, seed);
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Registers model = new Registers("disk", 16);
            seeded.attach(model);
            numbers.add(model.environment.random().nextLong());
        }
        return numbers;
    }

    @Test
    void whoWatchesIsToldOfStepsAndDma() {
        List<String> seen = new ArrayList<>();
        bus.observe(new MachineObserver() {
            @Override
            public void deviceStep(String device, String step, long value) {
                seen.add(device + " " + step + " " + value);
            }

            @Override
            public void dma(String device, long busAddress, long length, boolean toMemory) {
                seen.add(device + " dma " + length);
            }

            @Override
            public void dmaFault(String device, long busAddress, long length, boolean toMemory) {
                seen.add(device + " fault " + length);
            }
        });
        Registers model = new Registers("disk", 16);
        BusDevice device = bus.attach(model);
        model.environment.trace("seek", 5);
        long address = device.iommuDomain().map(0x2000, 4, DmaDirection.FROM_DEVICE);
        model.environment.dma().writeInt(address, 1);
        model.environment.dma().writeInt(0, 1);
        bus.observe(null);
        model.environment.trace("seek", 6);
        assertThat(seen).containsExactly("disk0 seek 5", "disk0 dma 4", "disk0 fault 4");
    }

    @Test
    void nothingOfAPulledDeviceIsGivenAwayBeforeEverybodyHasBeenTold() {
        BusDevice first = bus.attach(new Registers("disk", 16));
        List<BusDevice> meanwhile = new ArrayList<>();
        bus.listen(new BusListener() {
            @Override
            public void attached(BusDevice device) {
                assertThat(device.name()).isEqualTo("disk1");
            }

            @Override
            public void detached(BusDevice device) {
                assertThat(bus.device(device.name())).isNull();
                assertThat(bus.detach(device.name())).isFalse();
                meanwhile.add(bus.attach(new Registers("disk", 16)));
            }
        });
        bus.detach("disk0");
        BusDevice second = meanwhile.getFirst();
        assertThat(second.name()).isEqualTo("disk1");
        assertThat(second.baseAddress()).isNotEqualTo(first.baseAddress());
        assertThat(second.interruptLines()).doesNotContainAnyElementsOf(first.interruptLines());
    }

    @Test
    void theNameOfAPulledDeviceIsFreeAfterwardsEvenIfSomebodyThrew() {
        bus.attach(new Registers("disk", 16));
        BusListener thrower = new BusListener() {
            @Override
            public void attached(BusDevice device) {}

            @Override
            public void detached(BusDevice device) {
                throw new IllegalStateException("a listener's bug");
            }
        };
        bus.listen(thrower);
        assertThatIllegalStateException().isThrownBy(() -> bus.detach("disk0"));
        bus.unlisten(thrower);
        assertThat(bus.attach(new Registers("disk", 16)).name()).isEqualTo("disk0");
    }
}
