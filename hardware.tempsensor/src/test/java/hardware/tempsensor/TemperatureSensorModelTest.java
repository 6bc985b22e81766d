// SPDX-License-Identifier: Apache-2.0
package hardware.tempsensor;

import static hardware.tempsensor.registers.TempSensorRegisters.COMMAND;
import static hardware.tempsensor.registers.TempSensorRegisters.COMMAND_RESET;
import static hardware.tempsensor.registers.TempSensorRegisters.COMMAND_START;
import static hardware.tempsensor.registers.TempSensorRegisters.CONVERSION_TIME;
import static hardware.tempsensor.registers.TempSensorRegisters.DATA;
import static hardware.tempsensor.registers.TempSensorRegisters.ID;
import static hardware.tempsensor.registers.TempSensorRegisters.INTERRUPT_ACKNOWLEDGE;
import static hardware.tempsensor.registers.TempSensorRegisters.INTERRUPT_DONE;
import static hardware.tempsensor.registers.TempSensorRegisters.INTERRUPT_ENABLE;
import static hardware.tempsensor.registers.TempSensorRegisters.STATUS;
import static hardware.tempsensor.registers.TempSensorRegisters.STATUS_BUSY;
import static hardware.tempsensor.registers.TempSensorRegisters.STATUS_INTERRUPT;
import static hardware.tempsensor.registers.TempSensorRegisters.STATUS_OVERRUN;
import static hardware.tempsensor.registers.TempSensorRegisters.STATUS_READY;
import static hardware.tempsensor.registers.TempSensorRegisters.VERSION;
import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.Machine;
import hardware.machine.bus.BusDevice;
import hardware.machine.bus.MachineObserver;
import hardware.machine.bus.Register;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.time.HostTimeline;
import hardware.machine.time.VirtualTimeline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Does the sensor do what its datasheet says, also to who breaks its rules? */
final class TemperatureSensorModelTest {
    private static final long DEFAULT_CONVERSION_NANOS = 10_000_000;
    private static final int DONE = STATUS_READY | STATUS_INTERRUPT;

    private final VirtualTimeline timeline = new VirtualTimeline();
    private final Machine machine = new Machine(1, 4096, true, timeline, 1);
    private final BusDevice device = plugIn(TemperatureSensorParameters.DEFAULT);
    private final InterruptLine line = device.interruptLines().getFirst();

    private BusDevice plugIn(TemperatureSensorParameters parameters) {
        return machine.bus().attach(new TemperatureSensorModel(parameters));
    }

    private int read(Register.Readable register) {
        return device.read32(register.offset());
    }

    private void write(Register.Writable register, int value) {
        device.write32(register.offset(), value);
    }

    private int measure() {
        write(COMMAND, COMMAND_START);
        timeline.fireNext();
        return read(DATA);
    }

    private InterruptLine claim() {
        return machine.interrupts().claim(machine.processor(0));
    }

    @Test
    void aNewSensorIsAtRest() {
        assertThat(device.name()).isEqualTo("tempsensor0");
        assertThat(device.compatible()).isEqualTo("ubend,tempsensor");
        assertThat(device.interruptLines()).hasSize(1);
        assertThat(line.trigger()).isEqualTo(InterruptLine.Trigger.LEVEL);
        assertThat(read(ID)).isEqualTo(0x55425453);
        assertThat(read(VERSION)).isEqualTo(0x00010000);
        assertThat(read(STATUS)).isZero();
        assertThat(read(INTERRUPT_ENABLE)).isZero();
        assertThat(read(CONVERSION_TIME)).isEqualTo(0x2710);
        assertThat(timeline.nextDueNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aMeasurementTakesItsTimeAndReadingTakesItsValue() {
        write(COMMAND, COMMAND_START);
        assertThat(read(STATUS)).isEqualTo(STATUS_BUSY);
        assertThat(timeline.nextDueNanos()).isEqualTo(DEFAULT_CONVERSION_NANOS);
        timeline.fireNext();
        assertThat(timeline.now()).isEqualTo(DEFAULT_CONVERSION_NANOS);
        assertThat(read(STATUS)).isEqualTo(DONE);
        assertThat(read(STATUS)).isEqualTo(DONE);
        assertThat(read(DATA)).isEqualTo(21_500);
        assertThat(read(STATUS)).isEqualTo(STATUS_INTERRUPT);
    }

    @Test
    void valuesMoveAroundTheFirst() {
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            values.add(measure());
        }
        assertThat(values)
                .containsExactly(21_500, 21_525, 21_550, 21_525, 21_500, 21_475, 21_450, 21_475, 21_500, 21_525);
    }

    @Test
    void valuesBelowZeroAreSignedAndNoneIsBeyondTheRange() {
        BusDevice cold = plugIn(new TemperatureSensorParameters(-54_990, 20, 0));
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            cold.write32(COMMAND.offset(), COMMAND_START);
            values.add(cold.read32(DATA.offset()));
        }
        assertThat(values).containsExactly(-54_990, -54_970, -54_950, -54_970, -54_990, -55_000, -55_000, -55_000);
    }

    @Test
    void withoutConversionTimeTheMeasurementIsOverWhenTheWriteReturns() {
        write(CONVERSION_TIME, 0);
        write(INTERRUPT_ENABLE, INTERRUPT_DONE);
        write(COMMAND, COMMAND_START);
        assertThat(read(STATUS)).isEqualTo(DONE);
        assertThat(line.isAsserted()).isTrue();
        assertThat(read(DATA)).isEqualTo(21_500);
        assertThat(timeline.fireNext()).isFalse();
    }

    @Test
    void theLineIsAssertedFromTheEndOfTheMeasurementToItsAcknowledgement() {
        machine.interrupts().unmask(line);
        write(INTERRUPT_ENABLE, INTERRUPT_DONE);
        write(COMMAND, COMMAND_START);
        assertThat(claim()).isNull();
        timeline.fireNext();
        assertThat(claim()).isSameAs(line);
        read(DATA);
        assertThat(line.isAsserted()).isTrue();
        write(INTERRUPT_ACKNOWLEDGE, INTERRUPT_DONE);
        assertThat(line.isAsserted()).isFalse();
        assertThat(read(STATUS)).isZero();
        machine.interrupts().complete(line);
        assertThat(claim()).isNull();
    }

    @Test
    void anInterruptThatIsNotAcknowledgedComesAgain() {
        machine.interrupts().unmask(line);
        write(INTERRUPT_ENABLE, INTERRUPT_DONE);
        measure();
        write(INTERRUPT_ACKNOWLEDGE, ~INTERRUPT_DONE);
        for (int i = 0; i < 3; i++) {
            assertThat(claim()).isSameAs(line);
            machine.interrupts().complete(line);
        }
    }

    @Test
    void theInterruptIsNotedWhileItIsNotEnabledAndRaisedWhenItIs() {
        measure();
        assertThat(line.isAsserted()).isFalse();
        write(INTERRUPT_ENABLE, -1);
        assertThat(line.isAsserted()).isTrue();
        assertThat(read(INTERRUPT_ENABLE)).isEqualTo(INTERRUPT_DONE);
        write(INTERRUPT_ENABLE, 0);
        assertThat(line.isAsserted()).isFalse();
        assertThat(read(STATUS)).isEqualTo(STATUS_INTERRUPT);
    }

    @Test
    void anAcknowledgementBeforeTheEndClearsNothing() {
        write(INTERRUPT_ENABLE, INTERRUPT_DONE);
        write(COMMAND, COMMAND_START);
        write(INTERRUPT_ACKNOWLEDGE, INTERRUPT_DONE);
        timeline.fireNext();
        assertThat(line.isAsserted()).isTrue();
    }

    @Test
    void dataWithoutAMeasurementIsGarbageThatNobodyTakesForATemperature() {
        List<Integer> garbage = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            garbage.add(read(DATA));
        }
        assertThat(garbage).doesNotHaveDuplicates().allMatch(value -> value > 1_000_000_000);
        write(COMMAND, COMMAND_START);
        assertThat(read(DATA)).isGreaterThan(1_000_000_000);
        timeline.fireNext();
        assertThat(read(DATA)).isEqualTo(21_500);
        assertThat(read(DATA)).isGreaterThan(1_000_000_000);
    }

    @Test
    void garbageIsTheSameForTheSameSeed() {
        int first = read(DATA);
        Machine twin = new Machine(1, 4096, true, new VirtualTimeline(), 1);
        BusDevice other = twin.bus().attach(new TemperatureSensorModel(TemperatureSensorParameters.DEFAULT));
        assertThat(other.read32(DATA.offset())).isEqualTo(first);
    }

    @Test
    void aSecondStartBeginsAnewAndTheFirstIsLost() {
        write(COMMAND, COMMAND_START);
        timeline.charge(4_000_000);
        write(COMMAND, COMMAND_START);
        assertThat(timeline.nextDueNanos()).isEqualTo(14_000_000);
        assertThat(timeline.fireNext()).isTrue();
        assertThat(timeline.fireNext()).isFalse();
        assertThat(read(STATUS)).isEqualTo(DONE);
        assertThat(read(DATA)).isEqualTo(21_500);
    }

    @Test
    void aSecondStartWithoutConversionTimeEndsTheFirstToo() {
        write(COMMAND, COMMAND_START);
        write(CONVERSION_TIME, 0);
        write(COMMAND, COMMAND_START);
        assertThat(read(STATUS)).isEqualTo(DONE);
        assertThat(timeline.fireNext()).isFalse();
    }

    @Test
    void anUnreadValueIsOverwrittenAndThatIsSaid() {
        write(COMMAND, COMMAND_START);
        timeline.fireNext();
        write(COMMAND, COMMAND_START);
        assertThat(read(STATUS)).isEqualTo(DONE | STATUS_BUSY);
        timeline.fireNext();
        assertThat(read(STATUS)).isEqualTo(DONE | STATUS_OVERRUN);
        assertThat(read(DATA)).isEqualTo(21_525);
        assertThat(read(STATUS)).isEqualTo(STATUS_INTERRUPT);
    }

    @Test
    void anUnreadValueCanBeReadWhileTheNextIsMeasured() {
        write(COMMAND, COMMAND_START);
        timeline.fireNext();
        write(COMMAND, COMMAND_START);
        assertThat(read(DATA)).isEqualTo(21_500);
        timeline.fireNext();
        assertThat(read(STATUS)).isEqualTo(DONE);
        assertThat(read(DATA)).isEqualTo(21_525);
    }

    @Test
    void resetGivesTheMeasurementUpAndKeepsTheConversionTime() {
        write(CONVERSION_TIME, 500);
        write(INTERRUPT_ENABLE, INTERRUPT_DONE);
        measure();
        write(COMMAND, COMMAND_START);
        write(COMMAND, COMMAND_RESET | COMMAND_START);
        assertThat(read(STATUS)).isZero();
        assertThat(read(INTERRUPT_ENABLE)).isZero();
        assertThat(line.isAsserted()).isFalse();
        assertThat(read(CONVERSION_TIME)).isEqualTo(500);
        assertThat(timeline.fireNext()).isFalse();
        assertThat(read(DATA)).isGreaterThan(1_000_000_000);
        assertThat(measure()).isEqualTo(21_525);
    }

    @Test
    void aNewConversionTimeCountsFromTheNextStart() {
        write(COMMAND, COMMAND_START);
        write(CONVERSION_TIME, 1);
        assertThat(timeline.nextDueNanos()).isEqualTo(DEFAULT_CONVERSION_NANOS);
        timeline.fireNext();
        write(COMMAND, COMMAND_START);
        assertThat(timeline.nextDueNanos()).isEqualTo(DEFAULT_CONVERSION_NANOS + 1_000);
    }

    @Test
    void theConversionTimeIsUnsigned() {
        write(CONVERSION_TIME, -1);
        assertThat(read(CONVERSION_TIME)).isEqualTo(-1);
        write(COMMAND, COMMAND_START);
        assertThat(timeline.nextDueNanos()).isEqualTo(0xffff_ffffL * 1_000);
    }

    @Test
    void commandsWithoutMeaningAreIgnored() {
        write(COMMAND, 0);
        write(COMMAND, ~(COMMAND_START | COMMAND_RESET));
        assertThat(read(STATUS)).isZero();
        assertThat(timeline.fireNext()).isFalse();
    }

    @Test
    void readOnlyRegistersIgnoreWritesAndWriteOnlyOnesReadAsZero() {
        write(COMMAND, COMMAND_START);
        for (Register register : List.of(ID, VERSION, STATUS, DATA)) {
            device.write32(register.offset(), 0);
        }
        assertThat(read(ID)).isEqualTo(0x55425453);
        assertThat(read(STATUS)).isEqualTo(STATUS_BUSY);
        assertThat(device.read32(COMMAND.offset())).isZero();
        assertThat(device.read32(INTERRUPT_ACKNOWLEDGE.offset())).isZero();
    }

    @Test
    void aSensorThatIsPulledOutDoesNothingMore() {
        write(INTERRUPT_ENABLE, INTERRUPT_DONE);
        measure();
        write(COMMAND, COMMAND_START);
        machine.bus().detach("tempsensor0");
        assertThat(line.isAsserted()).isFalse();
        assertThat(timeline.fireNext()).isFalse();
        assertThat(read(STATUS)).isEqualTo(-1);
    }

    @Test
    void stepsAreTraced() {
        List<String> steps = new ArrayList<>();
        machine.bus().observe(steps((step, value) -> steps.add(step + " " + value)));
        measure();
        assertThat(steps).containsExactly("measurement started 10000", "measurement finished 21500");
    }

    @Test
    @Timeout(30)
    void inHostTimeNoMeasurementIsLost() throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicBoolean done = new AtomicBoolean();
        try (HostTimeline host = new HostTimeline("hardware", () -> {}, (thread, e) -> failure.set(e))) {
            host.start();
            Machine live = new Machine(1, 4096, true, host, 1);
            BusDevice sensor = live.bus().attach(new TemperatureSensorModel(new TemperatureSensorParameters(0, 1, 1)));
            Thread disturber = Thread.ofPlatform().daemon().start(() -> {
                while (!done.get()) {
                    sensor.read32(STATUS.offset());
                    sensor.write32(INTERRUPT_ENABLE.offset(), INTERRUPT_DONE);
                    sensor.write32(INTERRUPT_ACKNOWLEDGE.offset(), INTERRUPT_DONE);
                }
            });
            int[] steps = {0, 1, 2, 1, 0, -1, -2, -1};
            for (int i = 0; i < 2_000; i++) {
                sensor.write32(COMMAND.offset(), COMMAND_START);
                while ((sensor.read32(STATUS.offset()) & STATUS_READY) == 0) {
                    Thread.onSpinWait();
                }
                assertThat(sensor.read32(DATA.offset())).isEqualTo(steps[i % 8]);
            }
            done.set(true);
            disturber.join();
            assertThat(failure.get()).isNull();
        }
    }

    @Test
    @Timeout(30)
    void anEndThatComesTooLateToBeMovedEndsNothing() throws InterruptedException {
        try (HostTimeline host = new HostTimeline("hardware", () -> {}, (thread, e) -> {})) {
            host.start();
            CompletableFuture<Thread> hardware = new CompletableFuture<>();
            host.post("who", () -> hardware.complete(Thread.currentThread()));
            Thread thread = hardware.join();
            Machine live = new Machine(1, 4096, true, host, 1);
            BusDevice sensor =
                    live.bus().attach(new TemperatureSensorModel(new TemperatureSensorParameters(0, 0, 1_000)));
            AtomicInteger finished = new AtomicInteger();
            AtomicBoolean caught = new AtomicBoolean();
            live.bus().observe(steps((step, value) -> {
                if (step.equals("measurement finished")) {
                    finished.incrementAndGet();
                } else if (value > 1_000) {
                    // The second START has the lock: wait for the end of the first measurement to stand before it.
                    while (finished.get() == 0 && !caught.get()) {
                        caught.set(thread.getState() == Thread.State.BLOCKED);
                    }
                }
            }));
            while (!caught.get()) {
                finished.set(0);
                sensor.write32(COMMAND.offset(), COMMAND_RESET);
                sensor.write32(CONVERSION_TIME.offset(), 1_000);
                sensor.write32(COMMAND.offset(), COMMAND_START);
                sensor.write32(CONVERSION_TIME.offset(), -1);
                sensor.write32(COMMAND.offset(), COMMAND_START);
            }
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            assertThat(sensor.read32(STATUS.offset())).isEqualTo(STATUS_BUSY);
            assertThat(finished.get()).isZero();
        }
    }

    private static MachineObserver steps(BiConsumer<String, Long> seen) {
        return new MachineObserver() {
            @Override
            public void deviceStep(String name, String step, long value) {
                seen.accept(step, value);
            }

            @Override
            public void dma(String name, long busAddress, long length, boolean toMemory) {}

            @Override
            public void dmaFault(String name, long busAddress, long length, boolean toMemory) {}
        };
    }
}
