// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.interrupt.InterruptLine;
import hardware.ssd.registers.AdminOpcode;
import hardware.ssd.registers.AsyncEvent;
import hardware.ssd.registers.LogPage;
import hardware.ssd.registers.NvmOpcode;
import hardware.ssd.registers.QueueCommand;
import hardware.ssd.registers.SsdRegisters;
import hardware.ssd.registers.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Do registers, reset, queues and interrupts do what the datasheet says, also to who breaks its rules? */
final class ControllerTest {
    @Test
    void aNewDiskIsDisabled() {
        TestDisk disk = new TestDisk();
        assertThat(disk.device.name()).isEqualTo("ssd0");
        assertThat(disk.device.compatible()).isEqualTo("ubend,ssd");
        assertThat(disk.device.interruptLines()).hasSize(17);
        assertThat(disk.device.interruptLines()).allMatch(line -> line.trigger() == InterruptLine.Trigger.EDGE);
        assertThat(disk.read(SsdRegisters.CAP)).isEqualTo(0x140103ff);
        assertThat(disk.read(SsdRegisters.CAP_HIGH)).isEqualTo(0x20);
        assertThat(disk.read(SsdRegisters.VS)).isEqualTo(0x10400);
        assertThat(disk.read(SsdRegisters.CC)).isZero();
        assertThat(disk.read(SsdRegisters.CSTS)).isZero();
        assertThat(disk.timeline.nextDueNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void readyFollowsEnableOnTheDevicesOwnTime() {
        TestDisk disk = new TestDisk("profile=nvme");
        assertThat(disk.enable(8)).isTrue();
        assertThat(disk.timeline.now()).isEqualTo(1_000_000);
        disk.write(SsdRegisters.CC, 0);
        assertThat(disk.read(SsdRegisters.CSTS)).isEqualTo(SsdRegisters.CSTS_RDY);
        assertThat(disk.awaitStatus(SsdRegisters.CSTS_RDY, 0)).isTrue();
    }

    @Test
    void adminQueuesAreSetOnlyWhileDisabled() {
        TestDisk disk = new TestDisk();
        disk.enable(8);
        int before = disk.read(SsdRegisters.AQA);
        disk.write(SsdRegisters.AQA, 0x0001_0001);
        disk.write(SsdRegisters.ASQ, 0x1000);
        assertThat(disk.read(SsdRegisters.AQA)).isEqualTo(before);
        assertThat(disk.read(SsdRegisters.ASQ)).isEqualTo((int) disk.queues[0].submissions);
        disk.write(SsdRegisters.CC, 0);
        disk.awaitStatus(SsdRegisters.CSTS_RDY, 0);
        disk.write(SsdRegisters.ASQ, 0x1fff);
        assertThat(disk.read(SsdRegisters.ASQ)).isEqualTo(0x1000);
    }

    @Test
    void aWrongConfigurationIsFatalUntilReset() {
        for (int wrong : new int[] {
            SsdRegisters.CC_EN,
            SsdRegisters.CC_START | 1 << 7,
            SsdRegisters.CC_START | 1 << 4,
            SsdRegisters.CC_START | 1 << 11
        }) {
            TestDisk disk = new TestDisk();
            disk.write(SsdRegisters.AQA, 0x0007_0007);
            disk.write(SsdRegisters.CC, wrong);
            assertThat(disk.awaitStatus(SsdRegisters.CSTS_RDY, SsdRegisters.CSTS_RDY))
                    .as("CC 0x%x", wrong)
                    .isFalse();
            assertThat(disk.read(SsdRegisters.CSTS)).isEqualTo(SsdRegisters.CSTS_CFS);
            assertThat(disk.start().write(0, 8, TestDisk.page(1))).isZero();
        }
    }

    @Test
    void queuesThatCannotBeReachedAreFatalUntilReset() {
        TestDisk disk = new TestDisk();
        disk.write(SsdRegisters.AQA, 0x0007_0007);
        disk.write(SsdRegisters.ASQ, 0x7000_0000);
        disk.write(SsdRegisters.CC, SsdRegisters.CC_START);
        disk.awaitStatus(SsdRegisters.CSTS_RDY, SsdRegisters.CSTS_RDY);
        disk.device.write32(SsdRegisters.submissionTailOffset(0), 1);
        while (disk.timeline.fireNext()) {
            // The firmware finds out.
        }
        assertThat(disk.read(SsdRegisters.CSTS) & SsdRegisters.CSTS_CFS).isNotZero();
        assertThat(disk.start().flush()).isZero();
    }

    @Test
    void aResetForgetsCommandsAndQueuesAndKeepsTheWriteCache() {
        TestDisk disk = new TestDisk("profile=nvme").start();
        assertThat(disk.write(0, 8, TestDisk.page(5))).isZero();
        TestDisk.Queue queue = disk.queues[1];
        queue.put(disk.rangeCommand(NvmOpcode.READ, 64, 8));
        queue.ring();
        disk.timeline.fireNext();
        disk.write(SsdRegisters.CC, 0);
        disk.awaitStatus(SsdRegisters.CSTS_RDY, 0);
        byte[] buffer = disk.memoryRead(disk.buffer, 4096);
        while (disk.timeline.fireNext()) {
            // Nothing is left to happen but write-back.
        }
        assertThat(queue.poll()).isNull();
        assertThat(disk.memoryRead(disk.buffer, 4096)).isEqualTo(buffer);
        disk.start();
        assertThat(TestDisk.contentOf(disk.readBlocks(0, 8, 4096))).isEqualTo(5);
    }

    @Test
    void aNormalShutdownFlushesAndAnAbruptOneDoesNot() {
        for (boolean normal : new boolean[] {true, false}) {
            TestDisk disk = new TestDisk("profile=nvme").start();
            disk.write(0, 8, TestDisk.page(9));
            disk.write(
                    SsdRegisters.CC,
                    SsdRegisters.CC_START | (normal ? SsdRegisters.CC_SHN_NORMAL : SsdRegisters.CC_SHN_ABRUPT));
            assertThat(disk.awaitStatus(SsdRegisters.CSTS_SHST, SsdRegisters.CSTS_SHST_COMPLETE))
                    .isTrue();
            disk.model.powerCut();
            assertThat(disk.read(SsdRegisters.CSTS)).isEqualTo(-1);
            disk.model.powerOn();
            disk.start();
            assertThat(TestDisk.contentOf(disk.readBlocks(0, 8, 4096))).isEqualTo(normal ? 9 : 0);
            assertThat(health(disk, 144)).isEqualTo(normal ? 0 : 1);
            assertThat(health(disk, 112)).isEqualTo(2);
        }
    }

    static int health(TestDisk disk, int offset) {
        TestDisk.check(disk.admin(disk.command(AdminOpcode.GET_LOG_PAGE).word(10, LogPage.HEALTH | 127 << 16)));
        byte[] page = disk.memoryRead(disk.buffer, 512);
        return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
    }

    @Test
    void queuesWrapAroundAndThePhaseTurns() {
        TestDisk disk = new TestDisk();
        disk.enable(4);
        TestDisk.Queue queue = disk.createQueue(1, 3);
        for (int i = 0; i < 20; i++) {
            TestDisk.Completion completion = queue.execute(disk.command(NvmOpcode.FLUSH));
            assertThat(completion.status()).isZero();
            assertThat(completion.head()).isEqualTo(queue.tail);
            assertThat(completion.queue()).isEqualTo(1);
            assertThat(completion.phase()).isEqualTo(i / 3 % 2 == 0 ? 1 : 0);
        }
    }

    @Test
    void completionsWaitUntilThereIsRoom() {
        TestDisk disk = new TestDisk();
        disk.enable(8);
        TestDisk.Queue queue = disk.new Queue(1, 16);
        disk.queues[1] = queue;
        TestDisk.Command completion = disk.createCompletion(queue, 1, true).word(10, 1 | 3 << 16);
        TestDisk.check(disk.admin(completion));
        TestDisk.check(disk.admin(disk.createSubmission(queue, 1)));
        for (int i = 0; i < 9; i++) {
            queue.put(disk.command(NvmOpcode.FLUSH).id(100 + i));
        }
        queue.ring();
        while (disk.timeline.fireNext()) {
            // Until the device is stuck with a full queue.
        }
        int head = 0;
        int phase = 1;
        for (int i = 0; i < 9; i++) {
            byte[] entry = disk.memoryRead(queue.completions + head * 16L, 16);
            TestDisk.Completion found = TestDisk.Completion.decode(entry);
            assertThat(found.phase()).as("completion %d", i).isEqualTo(phase);
            assertThat(found.id()).isEqualTo(100 + i);
            head = (head + 1) % 4;
            phase ^= head == 0 ? 1 : 0;
            disk.device.write32(SsdRegisters.completionHeadOffset(1), head);
            while (disk.timeline.fireNext()) {
                // Room for one more.
            }
        }
    }

    @Test
    void queueCommandsAreChecked() {
        TestDisk disk = new TestDisk("queues=4");
        disk.enable(16);
        TestDisk.Queue queue = disk.new Queue(1, 16);
        disk.queues[1] = queue;
        assertThat(disk.admin(disk.createSubmission(queue, 1)).status()).isEqualTo(Status.COMPLETION_QUEUE_INVALID);
        assertThat(disk.admin(disk.createSubmission(queue, 0)).status()).isEqualTo(Status.INVALID_QUEUE_IDENTIFIER);
        assertThat(disk.admin(disk.createCompletion(queue, 5, true)).status())
                .isEqualTo(Status.INVALID_INTERRUPT_VECTOR);
        assertThat(disk.admin(disk.createCompletion(queue, 1, true).word(10, 0 | 15 << 16))
                        .status())
                .isEqualTo(Status.INVALID_QUEUE_IDENTIFIER);
        assertThat(disk.admin(disk.createCompletion(queue, 1, true).word(10, 5 | 15 << 16))
                        .status())
                .isEqualTo(Status.INVALID_QUEUE_IDENTIFIER);
        assertThat(disk.admin(disk.createCompletion(queue, 1, true).word(10, 1)).status())
                .isEqualTo(Status.INVALID_QUEUE_SIZE);
        assertThat(disk.admin(disk.createCompletion(queue, 1, true).word(10, 1 | 1024 << 16))
                        .status())
                .isEqualTo(Status.INVALID_QUEUE_SIZE);
        assertThat(disk.admin(disk.createCompletion(queue, 1, true).word(11, 0)).status())
                .isEqualTo(Status.INVALID_FIELD);
        assertThat(disk.admin(disk.createCompletion(queue, 1, true).prp(queue.completions + 16, 0))
                        .status())
                .isEqualTo(Status.PRP_OFFSET_INVALID);
        TestDisk.check(disk.admin(disk.createCompletion(queue, 1, true)));
        assertThat(disk.admin(disk.createCompletion(queue, 1, true)).status())
                .isEqualTo(Status.INVALID_QUEUE_IDENTIFIER);
        TestDisk.check(disk.admin(disk.createSubmission(queue, 1)));
        assertThat(disk.admin(disk.createSubmission(queue, 1)).status()).isEqualTo(Status.INVALID_QUEUE_IDENTIFIER);
        assertThat(disk.admin(disk.command(AdminOpcode.DELETE_COMPLETION_QUEUE).word(10, 1))
                        .status())
                .isEqualTo(Status.INVALID_QUEUE_DELETION);
        TestDisk.check(
                disk.admin(disk.command(AdminOpcode.DELETE_SUBMISSION_QUEUE).word(10, 1)));
        TestDisk.check(
                disk.admin(disk.command(AdminOpcode.DELETE_COMPLETION_QUEUE).word(10, 1)));
        assertThat(disk.admin(disk.command(AdminOpcode.DELETE_SUBMISSION_QUEUE).word(10, 1))
                        .status())
                .isEqualTo(Status.INVALID_QUEUE_IDENTIFIER);
        assertThat(QueueCommand.SIZE_SHIFT).isEqualTo(16);
    }

    @Test
    void anIdentifierInUseIsAConflict() {
        TestDisk disk = new TestDisk("profile=nvme").start();
        TestDisk.check(disk.io(disk.rangeCommand(NvmOpcode.WRITE, 0, 8)));
        disk.flush();
        TestDisk.Queue queue = disk.queues[1];
        queue.put(disk.rangeCommand(NvmOpcode.READ, 0, 8).id(7));
        queue.put(disk.rangeCommand(NvmOpcode.READ, 0, 8).id(7));
        queue.ring();
        assertThat(queue.await().status()).isEqualTo(Status.COMMAND_ID_CONFLICT);
        assertThat(queue.await().status()).isZero();
    }

    @Test
    void aWrongDoorbellIsToldAndHarmsNobody() {
        TestDisk disk = new TestDisk().start();
        TestDisk.Queue admin = disk.queues[0];
        admin.put(disk.command(AdminOpcode.ASYNC_EVENT_REQUEST).id(900));
        admin.ring();
        disk.device.write32(SsdRegisters.submissionTailOffset(1), TestDisk.ENTRIES);
        TestDisk.Completion event = admin.await();
        assertThat(event.id()).isEqualTo(900);
        assertThat(event.result())
                .isEqualTo(AsyncEvent.TYPE_ERROR
                        | AsyncEvent.ERROR_INVALID_DOORBELL_VALUE << AsyncEvent.RESULT_INFORMATION_SHIFT
                        | LogPage.ERRORS << AsyncEvent.RESULT_LOG_PAGE_SHIFT);
        admin.put(disk.command(AdminOpcode.ASYNC_EVENT_REQUEST).id(901));
        admin.ring();
        disk.device.write32(SsdRegisters.submissionTailOffset(60), 1);
        // Not told before the log page was read.
        assertThat(disk.flush()).isZero();
        assertThat(admin.poll()).isNull();
        admin.put(disk.command(AdminOpcode.GET_LOG_PAGE).id(902).word(10, LogPage.ERRORS | 15 << 16));
        admin.ring();
        assertThat(admin.await().id()).isEqualTo(902);
        assertThat(admin.await().result() >>> 8 & 0xff).isEqualTo(AsyncEvent.ERROR_INVALID_DOORBELL_REGISTER);
    }

    @Test
    void oneMessageForEachBatchAndNoneWhileMasked() {
        TestDisk disk = new TestDisk().start();
        InterruptLine line = disk.device.interruptLines().get(1);
        disk.machine.interrupts().unmask(line);
        TestDisk.Queue queue = disk.queues[1];
        for (int i = 0; i < 5; i++) {
            queue.put(disk.command(NvmOpcode.FLUSH));
        }
        queue.ring();
        assertThat(claims(disk, line)).isZero();
        disk.timeline.fireNext();
        assertThat(claims(disk, line)).isEqualTo(1);
        disk.write(SsdRegisters.INTMS, 1 << 1);
        assertThat(disk.read(SsdRegisters.INTMC)).isEqualTo(1 << 1);
        for (int i = 0; i < 2; i++) {
            queue.put(disk.command(NvmOpcode.FLUSH));
            queue.ring();
            disk.timeline.fireNext();
        }
        assertThat(claims(disk, line)).isZero();
        disk.write(SsdRegisters.INTMC, 1 << 1);
        assertThat(claims(disk, line)).isEqualTo(1);
    }

    private static int claims(TestDisk disk, InterruptLine line) {
        int count = 0;
        for (InterruptLine claimed = disk.machine.interrupts().claim(disk.machine.processor(0));
                claimed != null;
                claimed = disk.machine.interrupts().claim(disk.machine.processor(0))) {
            count += claimed.equals(line) ? 1 : 0;
            disk.machine.interrupts().complete(claimed);
        }
        return count;
    }

    @Test
    void coalescingWaitsForEnoughCompletionsOrForItsTime() {
        TestDisk disk = new TestDisk().start();
        InterruptLine line = disk.device.interruptLines().get(1);
        disk.machine.interrupts().unmask(line);
        // Three completions, or 300 us.
        TestDisk.check(
                disk.admin(disk.command(AdminOpcode.SET_FEATURES).word(10, 0x08).word(11, 2 | 3 << 8)));
        TestDisk.Queue queue = disk.queues[1];
        for (int i = 0; i < 3; i++) {
            assertThat(claims(disk, line)).isZero();
            queue.put(disk.command(NvmOpcode.FLUSH));
            queue.ring();
            disk.timeline.fireNext();
        }
        assertThat(claims(disk, line)).isEqualTo(1);
        long begin = disk.timeline.now();
        queue.put(disk.command(NvmOpcode.FLUSH));
        queue.ring();
        disk.timeline.fireNext();
        assertThat(claims(disk, line)).isZero();
        disk.timeline.fireNext();
        assertThat(claims(disk, line)).isEqualTo(1);
        assertThat(disk.timeline.now() - begin).isEqualTo(300_000);
        // Switched off for the vector, every batch interrupts.
        TestDisk.check(
                disk.admin(disk.command(AdminOpcode.SET_FEATURES).word(10, 0x09).word(11, 1 | 1 << 16)));
        queue.put(disk.command(NvmOpcode.FLUSH));
        queue.ring();
        disk.timeline.fireNext();
        assertThat(claims(disk, line)).isEqualTo(1);
    }

    @Test
    void aQueueWithoutInterruptsIsPolled() {
        TestDisk disk = new TestDisk();
        disk.enable(8);
        TestDisk.Queue queue = disk.new Queue(1, 8);
        disk.queues[1] = queue;
        TestDisk.check(disk.admin(disk.createCompletion(queue, 200, false)));
        TestDisk.check(disk.admin(disk.createSubmission(queue, 1)));
        disk.device.interruptLines().forEach(disk.machine.interrupts()::unmask);
        assertThat(disk.flush()).isZero();
        assertThat(claims(disk, disk.device.interruptLines().get(1))).isZero();
    }

    @Test
    void aPulledDiskIsSilent() {
        TestDisk disk = new TestDisk("profile=nvme").start();
        disk.queues[1].put(disk.rangeCommand(NvmOpcode.READ, 0, 8));
        disk.queues[1].ring();
        assertThat(disk.machine.bus().detach("ssd0")).isTrue();
        assertThat(disk.timeline.fireNext()).isFalse();
        assertThat(disk.read(SsdRegisters.CSTS)).isEqualTo(-1);
    }

    @Test
    void withoutLatencyABatchIsOneEvent() {
        TestDisk disk = new TestDisk().start();
        TestDisk.Queue queue = disk.queues[1];
        for (int i = 0; i < 32; i++) {
            queue.put(disk.rangeCommand(NvmOpcode.READ, i * 8L, 8));
        }
        queue.ring();
        long now = disk.timeline.now();
        assertThat(disk.timeline.fireNext()).isTrue();
        for (int i = 0; i < 32; i++) {
            assertThat(queue.poll()).as("completion %d", i).isNotNull();
        }
        assertThat(disk.timeline.now()).isEqualTo(now);
        assertThat(disk.timeline.nextDueNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void diesWorkSideBySide() {
        TestDisk disk = new TestDisk("profile=nvme", "block_size=4096").start();
        for (int page = 0; page < 8; page++) {
            disk.write(page, 1, TestDisk.page(page + 1));
        }
        disk.flush();
        while (disk.timeline.fireNext()) {
            // Until flash is at rest.
        }
        TestDisk.Queue queue = disk.queues[1];
        long begin = disk.timeline.now();
        queue.execute(disk.rangeCommand(NvmOpcode.READ, 0, 1));
        long one = disk.timeline.now() - begin;
        begin = disk.timeline.now();
        for (int page = 0; page < 8; page++) {
            queue.put(disk.rangeCommand(NvmOpcode.READ, page, 1));
        }
        queue.ring();
        for (int page = 0; page < 8; page++) {
            assertThat(queue.await().status()).isZero();
        }
        long eight = disk.timeline.now() - begin;
        assertThat(one).isBetween(50_000L, 60_000L);
        assertThat(eight).isLessThan(2 * one);
    }
}
