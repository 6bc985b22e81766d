// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.ssd.control.Statistic;
import hardware.ssd.registers.AdminOpcode;
import hardware.ssd.registers.AsyncEvent;
import hardware.ssd.registers.DatasetManagement;
import hardware.ssd.registers.HealthLog;
import hardware.ssd.registers.IdentifyController;
import hardware.ssd.registers.IdentifyNamespace;
import hardware.ssd.registers.LogPage;
import hardware.ssd.registers.NvmOpcode;
import hardware.ssd.registers.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Does each command do what the datasheet says, with right and with wrong parameters? */
final class CommandTest {
    private static final int ALL = -1;

    private static ByteBuffer identify(TestDisk disk, int what, int namespace) {
        TestDisk.check(disk.admin(
                disk.command(AdminOpcode.IDENTIFY).namespace(namespace).word(10, what)));
        return ByteBuffer.wrap(disk.memoryRead(disk.buffer, 4096)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String text(ByteBuffer page, int at, int length) {
        byte[] ascii = new byte[length];
        page.get(at, ascii);
        return new String(ascii, StandardCharsets.US_ASCII).strip();
    }

    @Test
    void identifyTellsTheController() {
        TestDisk disk = new TestDisk("namespaces=2").start();
        ByteBuffer page = identify(disk, 1, 0);
        assertThat(page.getShort(IdentifyController.VID)).isEqualTo((short) 0x5542);
        assertThat(text(page, IdentifyController.SERIAL_NUMBER, 20))
                .startsWith("UB")
                .hasSize(18);
        assertThat(text(page, IdentifyController.MODEL_NUMBER, 40)).isEqualTo("U-Bend solid state disk");
        assertThat(page.get(IdentifyController.MDTS)).isEqualTo((byte) 9);
        assertThat(page.getInt(IdentifyController.VER)).isEqualTo(0x10400);
        assertThat(page.getInt(IdentifyController.NN)).isEqualTo(2);
        assertThat(page.get(IdentifyController.SQES)).isEqualTo((byte) 0x66);
        assertThat(page.get(IdentifyController.CQES)).isEqualTo((byte) 0x44);
        assertThat(page.getShort(IdentifyController.ONCS)).isEqualTo((short) 0b1101);
        assertThat(page.get(IdentifyController.VWC) & 1).isEqualTo(1);
        assertThat(page.getLong(IdentifyController.TNVMCAP)).isEqualTo(64 << 20);
        assertThat(page.getInt(IdentifyController.VENDOR_VECTORS)).isEqualTo(17);
    }

    @Test
    void identifyTellsNamespaces() {
        TestDisk disk = new TestDisk("namespaces=3", "capacity=12M").start();
        ByteBuffer page = identify(disk, 0, 2);
        assertThat(page.getLong(IdentifyNamespace.NSZE)).isEqualTo(8192);
        assertThat(page.getLong(IdentifyNamespace.NUSE)).isZero();
        assertThat(page.get(IdentifyNamespace.FLBAS)).isZero();
        assertThat(page.getInt(IdentifyNamespace.LBAF) >>> 16 & 0xff).isEqualTo(9);
        assertThat(page.getInt(IdentifyNamespace.LBAF + 4) >>> 16 & 0xff).isEqualTo(12);
        assertThat(page.getShort(IdentifyNamespace.NAWUPF)).isEqualTo((short) 7);
        assertThat(page.getShort(IdentifyNamespace.NABSPF)).isEqualTo((short) 7);
        ByteBuffer list = identify(disk, 2, 1);
        assertThat(list.getInt(0)).isEqualTo(2);
        assertThat(list.getInt(4)).isEqualTo(3);
        assertThat(list.getInt(8)).isZero();
        assertThat(identify(disk, 3, 1).getShort(0)).isEqualTo((short) 0x0801);
        assertThat(disk.admin(disk.command(AdminOpcode.IDENTIFY).namespace(4).word(10, 0))
                        .status())
                .isEqualTo(Status.INVALID_NAMESPACE);
        assertThat(disk.admin(disk.command(AdminOpcode.IDENTIFY).word(10, 0x55)).status())
                .isEqualTo(Status.INVALID_FIELD);
        disk.model.detachNamespace(3);
        assertThat(identify(disk, 0, 3).getLong(IdentifyNamespace.NSZE)).isZero();
        assertThat(identify(disk, 0, ALL).getInt(IdentifyNamespace.LBAF)).isNotZero();
    }

    @Test
    void writtenBlocksReadBackAndUnwrittenOnesAreZero() {
        TestDisk disk = new TestDisk("capacity=1M").start();
        assertThat(disk.readBlocks(100, 8, 4096)).containsOnly(0);
        byte[] sector = Arrays.copyOf(TestDisk.page(3), 512);
        assertThat(disk.write(13, 1, sector)).isZero();
        assertThat(disk.readBlocks(13, 1, 512)).isEqualTo(sector);
        assertThat(disk.readBlocks(12, 1, 512)).containsOnly(0);
        assertThat(disk.readBlocks(14, 1, 512)).containsOnly(0);
        // Across the border of two pages.
        byte[] two = Arrays.copyOf(TestDisk.page(4), 2048);
        assertThat(disk.write(6, 4, two)).isZero();
        assertThat(disk.readBlocks(6, 4, 2048)).isEqualTo(two);
        assertThat(disk.readBlocks(13, 1, 512)).isEqualTo(sector);
    }

    @Test
    void rangesAreChecked() {
        TestDisk disk = new TestDisk("capacity=1M").start();
        assertThat(disk.io(disk.rangeCommand(NvmOpcode.READ, 2047, 1)).status()).isZero();
        for (long first : new long[] {2048, 2041, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE, -1}) {
            TestDisk.Completion completion = disk.io(disk.rangeCommand(NvmOpcode.READ, first, 8));
            assertThat(completion.status()).as("block %d", first).isEqualTo(Status.LBA_OUT_OF_RANGE);
            assertThat(completion.doNotRetry()).isTrue();
        }
        assertThat(disk.io(disk.rangeCommand(NvmOpcode.WRITE, 2041, 8)).status())
                .isEqualTo(Status.LBA_OUT_OF_RANGE);
        assertThat(disk.io(disk.rangeCommand(NvmOpcode.READ, 0, 8).namespace(0)).status())
                .isEqualTo(Status.INVALID_NAMESPACE);
        assertThat(disk.io(disk.rangeCommand(NvmOpcode.READ, 0, 8).namespace(2)).status())
                .isEqualTo(Status.INVALID_NAMESPACE);
        assertThat(disk.io(disk.rangeCommand(NvmOpcode.READ, 0, 8).flags(0x40)).status())
                .isEqualTo(Status.INVALID_FIELD);
        assertThat(disk.io(disk.rangeCommand(0x7f, 0, 8)).status()).isEqualTo(Status.INVALID_OPCODE);
        assertThat(disk.admin(disk.command(0x7f)).status()).isEqualTo(Status.INVALID_OPCODE);
    }

    @Test
    void tooMuchAtOnceIsRefused() {
        TestDisk disk = new TestDisk("block_size=4096").start();
        assertThat(disk.io(disk.rangeCommand(NvmOpcode.READ, 0, 513)).status()).isEqualTo(Status.INVALID_FIELD);
    }

    @Test
    void dataIsFoundByEveryShapeOfRegions() {
        TestDisk disk = new TestDisk("capacity=8M", "block_size=4096").start();
        SplittableRandom random = new SplittableRandom(11);
        for (int pages : new int[] {1, 2, 3, 17, 511, 512}) {
            for (int offset : new int[] {0, 4, 512, 4092}) {
                for (int listAt : new int[] {0, 8, 4000, 4088}) {
                    transfer(disk, random, pages, offset, listAt);
                }
            }
        }
    }

    /** Writes pages scattered over memory, reads them to others, and compares. */
    private static void transfer(TestDisk disk, SplittableRandom random, int pages, int offset, int listAt) {
        int count = (offset + pages * 4096 + 4095) / 4096;
        byte[] data = new byte[pages * 4096];
        random.nextBytes(data);
        for (int opcode : new int[] {NvmOpcode.WRITE, NvmOpcode.READ}) {
            long base = disk.buffer;
            int[] place = new int[count];
            for (int i = 0; i < count; i++) {
                // A permutation of the pages of the first half of the buffer: 5 and 513 have no common divisor.
                place[i] = (int) ((i * 5L + (opcode == NvmOpcode.READ ? 7 : 0)) % 513);
            }
            long lists = base + (514L << 12);
            byte[] zero = new byte[4096];
            for (int i = 0; i < count; i++) {
                disk.memoryWrite(base + ((long) place[i] << 12), zero);
            }
            if (opcode == NvmOpcode.WRITE) {
                scatter(disk, data, base, place, offset, true);
            }
            long second = count == 1 ? 0 : base + ((long) place[1] << 12);
            if (count > 2) {
                second = lists + listAt;
                writeList(disk, base, place, lists, listAt);
            }
            TestDisk.Completion completion = disk.io(disk.command(opcode)
                    .prp(base + ((long) place[0] << 12) + offset, second)
                    .range(8, pages));
            assertThat(completion.status())
                    .as("%d pages at %d, list at %d", pages, offset, listAt)
                    .isZero();
            if (opcode == NvmOpcode.READ) {
                byte[] back = new byte[data.length];
                scatter(disk, back, base, place, offset, false);
                assertThat(Arrays.equals(back, data))
                        .as("%d pages at %d, list at %d", pages, offset, listAt)
                        .isTrue();
            }
        }
    }

    private static void scatter(TestDisk disk, byte[] data, long base, int[] place, int offset, boolean toMemory) {
        for (int done = 0; done < data.length; ) {
            int at = offset + done;
            int piece = Math.min(4096 - at % 4096, data.length - done);
            long address = base + ((long) place[at / 4096] << 12) + at % 4096;
            if (toMemory) {
                disk.memoryWrite(address, Arrays.copyOfRange(data, done, done + piece));
            } else {
                System.arraycopy(disk.memoryRead(address, piece), 0, data, done, piece);
            }
            done += piece;
        }
    }

    /** A list of all places but the first, chained where it does not end within its page. */
    private static void writeList(TestDisk disk, long base, int[] place, long lists, int listAt) {
        ByteBuffer entry = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        long at = lists + listAt;
        for (int i = 1; i < place.length; i++) {
            boolean lastOfPage = (at & 4095) == 4088;
            if (lastOfPage && i < place.length - 1) {
                long next = (at & -4096L) + 4096;
                disk.memoryWrite(at, entry.putLong(0, next).array());
                at = next;
            }
            disk.memoryWrite(
                    at, entry.putLong(0, base + ((long) place[i] << 12)).array());
            at += 8;
        }
    }

    @Test
    void wrongRegionsAreRefused() {
        TestDisk disk = new TestDisk("block_size=4096").start();
        long buffer = disk.buffer;
        assertThat(disk.io(disk.command(NvmOpcode.READ).prp(buffer + 2, 0).range(0, 1))
                        .status())
                .isEqualTo(Status.PRP_OFFSET_INVALID);
        assertThat(disk.io(disk.command(NvmOpcode.READ).prp(buffer, buffer + 8).range(0, 2))
                        .status())
                .isEqualTo(Status.PRP_OFFSET_INVALID);
        assertThat(disk.io(disk.command(NvmOpcode.READ).prp(buffer, buffer + 4).range(0, 3))
                        .status())
                .isEqualTo(Status.PRP_OFFSET_INVALID);
        disk.memoryWrite(buffer + 8192, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
        assertThat(disk.io(disk.command(NvmOpcode.READ)
                                .prp(buffer, buffer + 8192)
                                .range(0, 3))
                        .status())
                .isEqualTo(Status.PRP_OFFSET_INVALID);
        TestDisk.Completion fault =
                disk.io(disk.command(NvmOpcode.READ).prp(1L << 46, 0).range(0, 1));
        assertThat(fault.status()).isEqualTo(Status.DATA_TRANSFER_ERROR);
        assertThat(fault.doNotRetry()).isFalse();
        assertThat(disk.io(disk.command(NvmOpcode.WRITE).prp(buffer, 1L << 46).range(0, 3))
                        .status())
                .isEqualTo(Status.DATA_TRANSFER_ERROR);
        assertThat(disk.readBlocks(0, 1, 4096)).containsOnly(0);
    }

    @Test
    void compareTellsEqualFromDifferent() {
        TestDisk disk = new TestDisk().start();
        disk.write(8, 8, TestDisk.page(5));
        assertThat(disk.io(disk.rangeCommand(NvmOpcode.COMPARE, 8, 8)).status()).isZero();
        disk.memoryWrite(disk.buffer + 4095, new byte[] {99});
        assertThat(disk.io(disk.rangeCommand(NvmOpcode.COMPARE, 8, 8)).status()).isEqualTo(Status.COMPARE_FAILURE);
        assertThat(disk.io(disk.rangeCommand(NvmOpcode.COMPARE, 8, 7)).status()).isZero();
    }

    @Test
    void writeZeroesAndDeallocateClearExactlyTheirRange() {
        TestDisk disk = new TestDisk("capacity=1M").start();
        for (int way = 0; way < 2; way++) {
            for (int page = 0; page < 6; page++) {
                disk.write(page * 8L, 8, TestDisk.page(page + 1));
            }
            int first = 5;
            int count = 30;
            if (way == 0) {
                TestDisk.check(disk.io(disk.rangeCommand(NvmOpcode.WRITE_ZEROES, first, count)));
            } else {
                deallocate(disk, first, count);
            }
            for (int block = 0; block < 48; block++) {
                byte[] expected = block >= first && block < first + count
                        ? new byte[512]
                        : Arrays.copyOfRange(TestDisk.page(block / 8 + 1), block % 8 * 512, block % 8 * 512 + 512);
                assertThat(disk.readBlocks(block, 1, 512))
                        .as("way %d block %d", way, block)
                        .isEqualTo(expected);
            }
        }
    }

    private static void deallocate(TestDisk disk, long first, int count) {
        ByteBuffer range = ByteBuffer.allocate(DatasetManagement.RANGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        range.putInt(DatasetManagement.RANGE_BLOCKS, count).putLong(DatasetManagement.RANGE_FIRST, first);
        disk.memoryWrite(disk.buffer, range.array());
        TestDisk.check(disk.io(disk.command(NvmOpcode.DATASET_MANAGEMENT).word(11, DatasetManagement.DEALLOCATE)));
    }

    @Test
    void deallocatedBlocksAreNotInUse() {
        TestDisk disk = new TestDisk("capacity=1M").start();
        disk.write(0, 16, TestDisk.page(1));
        assertThat(identify(disk, 0, 1).getLong(IdentifyNamespace.NUSE)).isEqualTo(16);
        deallocate(disk, 0, 8);
        assertThat(identify(disk, 0, 1).getLong(IdentifyNamespace.NUSE)).isEqualTo(8);
        ByteBuffer beyond = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        beyond.putInt(4, 1).putLong(8, 2048);
        disk.memoryWrite(disk.buffer, beyond.array());
        assertThat(disk.io(disk.command(NvmOpcode.DATASET_MANAGEMENT).word(11, DatasetManagement.DEALLOCATE))
                        .status())
                .isEqualTo(Status.LBA_OUT_OF_RANGE);
    }

    @Test
    void formatDiscardsAndChangesTheBlockSizeForGood() {
        TestDisk disk = new TestDisk("namespaces=2", "capacity=2M").start();
        disk.write(0, 8, TestDisk.page(1));
        TestDisk.check(disk.io(disk.rangeCommand(NvmOpcode.WRITE, 0, 8).namespace(2)));
        assertThat(disk.admin(disk.command(AdminOpcode.FORMAT_NVM).word(10, 2)).status())
                .isEqualTo(Status.INVALID_FORMAT);
        TestDisk.check(disk.admin(disk.command(AdminOpcode.FORMAT_NVM).word(10, 1)));
        assertThat(identify(disk, 0, 1).getLong(IdentifyNamespace.NSZE)).isEqualTo(256);
        assertThat(identify(disk, 0, 2).getLong(IdentifyNamespace.NSZE)).isEqualTo(2048);
        disk.model.powerCut();
        disk.model.powerOn();
        disk.start();
        assertThat(identify(disk, 0, 1).getLong(IdentifyNamespace.NSZE)).isEqualTo(256);
        assertThat(disk.readBlocks(0, 1, 4096)).containsOnly(0);
    }

    @Test
    void featuresAreSetAndRead() {
        TestDisk disk = new TestDisk("queues=4").start();
        assertThat(feature(disk, 0x07, 0)).isEqualTo(3 | 3 << 16);
        assertThat(disk.admin(disk.command(AdminOpcode.SET_FEATURES)
                                .word(10, 0x07)
                                .word(11, 0))
                        .status())
                .isEqualTo(Status.COMMAND_SEQUENCE_ERROR);
        assertThat(feature(disk, 0x06, 0)).isEqualTo(1);
        set(disk, 0x06, 0);
        assertThat(feature(disk, 0x06, 0)).isZero();
        assertThat(feature(disk, 0x06, 1)).isEqualTo(1);
        set(disk, 0x04, 300);
        assertThat(feature(disk, 0x04, 0)).isEqualTo(300);
        set(disk, 0x08, 0x0203);
        assertThat(feature(disk, 0x08, 0)).isEqualTo(0x0203);
        assertThat(disk.admin(disk.command(AdminOpcode.SET_FEATURES).word(10, 0x08 | 1 << 31))
                        .status())
                .isEqualTo(Status.FEATURE_NOT_SAVEABLE);
        assertThat(disk.admin(disk.command(AdminOpcode.SET_FEATURES).word(10, 0x55))
                        .status())
                .isEqualTo(Status.INVALID_FIELD);
        assertThat(disk.admin(disk.command(AdminOpcode.GET_FEATURES).word(10, 0x55))
                        .status())
                .isEqualTo(Status.INVALID_FIELD);
        disk.enable(8);
        assertThat(feature(disk, 0x08, 0)).isZero();
        TestDisk.Completion granted =
                disk.admin(disk.command(AdminOpcode.SET_FEATURES).word(10, 0x07).word(11, 0x00ff_00ff));
        assertThat(granted.result()).isEqualTo(3 | 3 << 16);
    }

    private static int feature(TestDisk disk, int feature, int select) {
        TestDisk.Completion completion =
                disk.admin(disk.command(AdminOpcode.GET_FEATURES).word(10, feature | select << 8));
        TestDisk.check(completion);
        return completion.result();
    }

    private static void set(TestDisk disk, int feature, int value) {
        TestDisk.check(disk.admin(
                disk.command(AdminOpcode.SET_FEATURES).word(10, feature).word(11, value)));
    }

    @Test
    void withoutTheCacheEveryWriteIsDurable() {
        TestDisk disk = new TestDisk().start();
        disk.write(0, 8, TestDisk.page(1));
        set(disk, 0x06, 0);
        disk.write(8, 8, TestDisk.page(2));
        disk.model.powerCut();
        disk.model.powerOn();
        disk.start();
        assertThat(TestDisk.contentOf(disk.readBlocks(0, 8, 4096))).isEqualTo(1);
        assertThat(TestDisk.contentOf(disk.readBlocks(8, 8, 4096))).isEqualTo(2);
    }

    @Test
    void theCacheWritesBackByItselfAfterAWhile() {
        TestDisk disk = new TestDisk().start();
        disk.write(0, 8, TestDisk.page(1));
        assertThat(disk.model.statistic(Statistic.CACHED_PAGES)).isEqualTo(1);
        while (disk.timeline.fireNext()) {
            // Until it is at rest.
        }
        assertThat(disk.model.statistic(Statistic.CACHED_PAGES)).isZero();
        disk.model.powerCut();
        disk.model.powerOn();
        disk.start();
        assertThat(TestDisk.contentOf(disk.readBlocks(0, 8, 4096))).isEqualTo(1);
    }

    @Test
    void anAbortEndsACommandThatHasNotBegun() {
        TestDisk disk = new TestDisk("profile=nvme").start();
        disk.write(0, 8, TestDisk.page(1));
        disk.flush();
        disk.queues[1].put(disk.rangeCommand(NvmOpcode.READ, 0, 8).id(500));
        disk.queues[1].ring();
        assertThat(disk.admin(disk.command(AdminOpcode.ABORT).word(10, 1 | 500 << 16))
                        .result())
                .isZero();
        TestDisk.Completion aborted = disk.queues[1].await();
        assertThat(aborted.id()).isEqualTo(500);
        assertThat(aborted.status()).isEqualTo(Status.ABORT_REQUESTED);
        assertThat(disk.admin(disk.command(AdminOpcode.ABORT).word(10, 1 | 500 << 16))
                        .result())
                .isEqualTo(1);
        assertThat(disk.admin(disk.command(AdminOpcode.ABORT).word(10, 999)).result())
                .isEqualTo(1);
    }

    @Test
    void deletingAQueueAbortsItsCommands() {
        TestDisk disk = new TestDisk("profile=nvme").start();
        disk.write(0, 8, TestDisk.page(1));
        disk.flush();
        disk.queues[1].put(disk.rangeCommand(NvmOpcode.READ, 0, 8).id(500));
        disk.queues[1].ring();
        TestDisk.check(
                disk.admin(disk.command(AdminOpcode.DELETE_SUBMISSION_QUEUE).word(10, 1)));
        TestDisk.Completion aborted = disk.queues[1].poll();
        assertThat(aborted.status()).isEqualTo(Status.ABORTED_QUEUE_DELETION);
    }

    @Test
    void namespacesComeAndGoAndSoftwareIsTold() {
        TestDisk disk = new TestDisk("namespaces=2", "capacity=1M").start();
        disk.write(0, 8, TestDisk.page(6));
        disk.queues[0].put(disk.command(AdminOpcode.ASYNC_EVENT_REQUEST).id(800));
        disk.queues[0].ring();
        assertThat(disk.model.detachNamespace(1)).isTrue();
        assertThat(disk.model.detachNamespace(1)).isFalse();
        TestDisk.Completion event = disk.queues[0].await();
        assertThat(event.result()).isEqualTo(AsyncEvent.TYPE_NOTICE | LogPage.CHANGED_NAMESPACES << 16);
        TestDisk.check(
                disk.admin(disk.command(AdminOpcode.GET_LOG_PAGE).word(10, LogPage.CHANGED_NAMESPACES | 1023 << 16)));
        assertThat(disk.memoryRead(disk.buffer, 8)).containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
        assertThat(disk.io(disk.rangeCommand(NvmOpcode.READ, 0, 8)).status()).isEqualTo(Status.INVALID_NAMESPACE);
        assertThat(disk.model.attachNamespace(1)).isTrue();
        assertThat(TestDisk.contentOf(disk.readBlocks(0, 8, 4096))).isEqualTo(6);
    }

    @Test
    void tooManyEventRequestsAreRefused() {
        TestDisk disk = new TestDisk().start();
        for (int i = 0; i < 4; i++) {
            disk.queues[0].put(disk.command(AdminOpcode.ASYNC_EVENT_REQUEST));
        }
        disk.queues[0].put(disk.command(AdminOpcode.ASYNC_EVENT_REQUEST).id(777));
        disk.queues[0].ring();
        TestDisk.Completion fifth = disk.queues[0].await();
        assertThat(fifth.id()).isEqualTo(777);
        assertThat(fifth.status()).isEqualTo(Status.ASYNC_EVENT_LIMIT_EXCEEDED);
    }

    @Test
    void heatIsTold() {
        TestDisk disk = new TestDisk().start();
        disk.queues[0].put(disk.command(AdminOpcode.ASYNC_EVENT_REQUEST).id(800));
        disk.queues[0].ring();
        disk.model.setTemperature(350);
        assertThat(disk.queues[0].await().result())
                .isEqualTo(AsyncEvent.TYPE_HEALTH | AsyncEvent.HEALTH_TEMPERATURE << 8 | LogPage.HEALTH << 16);
        assertThat(ControllerTest.health(disk, 0) & 0xff).isEqualTo(HealthLog.WARNING_TEMPERATURE);
        assertThat(ControllerTest.health(disk, 0) >>> 8 & 0xffff).isEqualTo(350);
    }

    @Test
    void theHealthLogCounts() {
        TestDisk disk = new TestDisk("block_size=4096").start();
        for (int i = 0; i < 200; i++) {
            disk.write(i, 1, TestDisk.page(i));
        }
        disk.readBlocks(0, 1, 4096);
        assertThat(ControllerTest.health(disk, HealthLog.DATA_UNITS_WRITTEN)).isEqualTo(2);
        assertThat(ControllerTest.health(disk, HealthLog.DATA_UNITS_READ)).isEqualTo(1);
        assertThat(ControllerTest.health(disk, HealthLog.HOST_WRITES)).isEqualTo(200);
        assertThat(ControllerTest.health(disk, HealthLog.HOST_READS)).isEqualTo(1);
        assertThat(ControllerTest.health(disk, HealthLog.POWER_CYCLES)).isEqualTo(1);
    }

    @Test
    void theErrorLogHasTheNewestFirst() {
        TestDisk disk = new TestDisk("capacity=1M").start();
        disk.io(disk.rangeCommand(NvmOpcode.READ, 5000, 1).id(41));
        disk.io(disk.rangeCommand(NvmOpcode.READ, 6000, 1).id(42));
        TestDisk.check(disk.admin(disk.command(AdminOpcode.GET_LOG_PAGE).word(10, LogPage.ERRORS | 31 << 16)));
        ByteBuffer log = ByteBuffer.wrap(disk.memoryRead(disk.buffer, 128)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(log.getLong(LogPage.ERROR_COUNT)).isEqualTo(2);
        assertThat(log.getShort(LogPage.ERROR_CID)).isEqualTo((short) 42);
        assertThat(log.getLong(LogPage.ERROR_LBA)).isEqualTo(6000);
        assertThat(log.getShort(LogPage.ERROR_STATUS) >>> 1).isEqualTo(Status.LBA_OUT_OF_RANGE);
        assertThat(log.getShort(64 + LogPage.ERROR_CID)).isEqualTo((short) 41);
        assertThat(disk.admin(disk.command(AdminOpcode.GET_LOG_PAGE).word(10, 0x77))
                        .status())
                .isEqualTo(Status.INVALID_LOG_PAGE);
    }
}
