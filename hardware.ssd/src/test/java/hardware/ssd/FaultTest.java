// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.machine.interrupt.InterruptLine;
import hardware.ssd.control.Fault;
import hardware.ssd.control.FaultKind;
import hardware.ssd.control.InjectedFault;
import hardware.ssd.registers.AdminOpcode;
import hardware.ssd.registers.NvmOpcode;
import hardware.ssd.registers.SsdRegisters;
import hardware.ssd.registers.Status;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Does each injected fault do what it says, when it says, and nothing else? */
final class FaultTest {
    private final TestDisk disk = new TestDisk("capacity=1M").start();

    private int readStatus(long block) {
        return disk.io(disk.rangeCommand(NvmOpcode.READ, block, 8)).status();
    }

    private void runUntilIdle() {
        while (disk.timeline.fireNext()) {
            // The device does what it still has to do.
        }
    }

    @Test
    void errorsStrikeTheirRangeAndNothingElse() {
        disk.model.inject(Fault.of(FaultKind.READ_ERROR).inBlocks(16, 8));
        disk.model.inject(Fault.of(FaultKind.WRITE_ERROR).inBlocks(32, 8));
        assertThat(readStatus(8)).isZero();
        assertThat(readStatus(9)).isEqualTo(Status.UNRECOVERED_READ_ERROR);
        assertThat(readStatus(23)).isEqualTo(Status.UNRECOVERED_READ_ERROR);
        assertThat(readStatus(24)).isZero();
        assertThat(disk.write(16, 8, TestDisk.page(1))).isZero();
        assertThat(disk.write(32, 8, TestDisk.page(1))).isEqualTo(Status.WRITE_FAULT);
        assertThat(disk.io(disk.rangeCommand(NvmOpcode.WRITE_ZEROES, 39, 1)).status())
                .isEqualTo(Status.WRITE_FAULT);
        disk.model.clearFaults();
        assertThat(TestDisk.contentOf(disk.readBlocks(16, 8, 4096))).isEqualTo(1);
        assertThat(disk.readBlocks(32, 8, 4096)).containsOnly(0);
    }

    @Test
    void whenAFaultStrikesCanBeChosen() {
        InjectedFault fault = disk.model.inject(
                Fault.of(FaultKind.READ_ERROR).after(2).every(3).times(2));
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            pattern.append(readStatus(0) == 0 ? '.' : 'x');
        }
        assertThat(pattern.toString()).isEqualTo("..x..x......");
        assertThat(fault.occasions()).isEqualTo(12);
        assertThat(fault.strikes()).isEqualTo(2);
        fault.remove();
        assertThat(disk.model.faults()).isEmpty();
        InjectedFault sometimes =
                disk.model.inject(Fault.of(FaultKind.READ_ERROR).withProbability(0.5));
        for (int i = 0; i < 200; i++) {
            readStatus(0);
        }
        assertThat(sometimes.strikes()).isBetween(60L, 140L);
        assertThatThrownBy(() -> Fault.of(FaultKind.SLOW).withProbability(2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Fault.of(FaultKind.SLOW).every(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dataGoesWrongSilently() {
        disk.write(0, 8, TestDisk.page(1));
        disk.write(8, 8, TestDisk.page(2));
        disk.model.inject(Fault.of(FaultKind.CORRUPT_READ).times(1));
        byte[] corrupt = disk.readBlocks(0, 8, 4096);
        assertThat(Arrays.mismatch(corrupt, TestDisk.page(1))).isEqualTo(256);
        assertThat(TestDisk.contentOf(disk.readBlocks(0, 8, 4096))).isEqualTo(1);
        disk.model.inject(Fault.of(FaultKind.MISDIRECTED_READ).times(1));
        assertThat(TestDisk.contentOf(disk.readBlocks(0, 8, 4096))).isEqualTo(2);
        disk.model.inject(Fault.of(FaultKind.MISDIRECTED_WRITE).times(1).offBy(16));
        disk.write(0, 8, TestDisk.page(3));
        assertThat(TestDisk.contentOf(disk.readBlocks(0, 8, 4096))).isEqualTo(1);
        assertThat(TestDisk.contentOf(disk.readBlocks(16, 8, 4096))).isEqualTo(3);
        disk.model.inject(Fault.of(FaultKind.LOST_WRITE).times(1));
        disk.write(0, 8, TestDisk.page(4));
        assertThat(TestDisk.contentOf(disk.readBlocks(0, 8, 4096))).isEqualTo(1);
        disk.model.inject(Fault.of(FaultKind.TORN_WRITE).times(1));
        disk.write(0, 8, TestDisk.page(5));
        byte[] torn = disk.readBlocks(0, 8, 4096);
        assertThat(Arrays.copyOf(torn, 2048)).isEqualTo(Arrays.copyOf(TestDisk.page(5), 2048));
        assertThat(Arrays.copyOfRange(torn, 2048, 4096)).isEqualTo(Arrays.copyOfRange(TestDisk.page(1), 2048, 4096));
    }

    @Test
    void aStuckCommandCompletesOnlyByAnAbort() {
        disk.model.inject(Fault.of(FaultKind.STUCK).inQueue(1).times(1));
        disk.queues[1].put(disk.rangeCommand(NvmOpcode.READ, 0, 8).id(300));
        disk.queues[1].ring();
        runUntilIdle();
        assertThat(disk.queues[1].poll()).isNull();
        assertThat(readStatus(0)).isZero();
        assertThat(disk.admin(disk.command(AdminOpcode.ABORT).word(10, 1 | (300 << 16)))
                        .result())
                .isZero();
        assertThat(disk.queues[1].await().status()).isEqualTo(Status.ABORT_REQUESTED);
    }

    @Test
    void interruptsAreLostOrComeTwice() {
        InterruptLine line = disk.device.interruptLines().get(1);
        disk.machine.interrupts().unmask(line);
        disk.model.inject(Fault.of(FaultKind.LOST_INTERRUPT).inQueue(1).times(1));
        disk.flush();
        assertThat(disk.machine.interrupts().claim(disk.machine.processor(0))).isNull();
        disk.flush();
        assertThat(disk.machine.interrupts().claim(disk.machine.processor(0))).isSameAs(line);
        disk.machine.interrupts().complete(line);
        disk.model.interrupt(1);
        assertThat(disk.machine.interrupts().claim(disk.machine.processor(0))).isSameAs(line);
        disk.model.inject(Fault.of(FaultKind.SPURIOUS_INTERRUPT).inQueue(1).times(1));
        // While the line is in service one message is remembered, and so seen again.
        disk.flush();
        disk.machine.interrupts().complete(line);
        assertThat(disk.machine.interrupts().claim(disk.machine.processor(0))).isSameAs(line);
        assertThatThrownBy(() -> disk.model.interrupt(99)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wildDmaIsRefusedAndFailsTheCommand() {
        disk.model.inject(Fault.of(FaultKind.WILD_DMA).times(1));
        long before = disk.machine.iommu().faultCount();
        assertThat(readStatus(0)).isEqualTo(Status.DATA_TRANSFER_ERROR);
        assertThat(disk.machine.iommu().faultCount()).isEqualTo(before + 1);
        assertThat(readStatus(0)).isZero();
    }

    @Test
    void aDeadControllerLivesAgainAfterAReset() {
        disk.writeDurably(0, 8, TestDisk.page(1));
        disk.model.inject(Fault.of(FaultKind.CONTROLLER_FATAL).times(1));
        disk.queues[1].put(disk.rangeCommand(NvmOpcode.READ, 0, 8));
        disk.queues[1].ring();
        runUntilIdle();
        assertThat(disk.queues[1].poll()).isNull();
        assertThat(disk.read(SsdRegisters.CSTS)).isEqualTo(SsdRegisters.CSTS_RDY | SsdRegisters.CSTS_CFS);
        disk.start();
        assertThat(TestDisk.contentOf(disk.readBlocks(0, 8, 4096))).isEqualTo(1);
    }

    @Test
    void aSlowCommandTakesItsTimeAndOthersDoNot() {
        disk.model.inject(Fault.of(FaultKind.SLOW).times(1).slowerBy(5_000_000));
        long begin = disk.timeline.now();
        disk.queues[1].put(disk.rangeCommand(NvmOpcode.READ, 0, 8).id(400));
        disk.queues[1].put(disk.rangeCommand(NvmOpcode.READ, 0, 8).id(401));
        disk.queues[1].ring();
        assertThat(disk.queues[1].await().id()).isEqualTo(401);
        assertThat(disk.timeline.now()).isEqualTo(begin);
        assertThat(disk.queues[1].await().id()).isEqualTo(400);
        assertThat(disk.timeline.now()).isEqualTo(begin + 5_000_000);
    }
}
