// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static drivers.ssd.Disks.NODE;
import static drivers.ssd.Disks.bind;
import static drivers.ssd.Disks.holds;
import static drivers.ssd.Disks.openDirect;
import static drivers.ssd.Disks.pages;
import static drivers.ssd.Disks.write;
import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.machine.bus.BusDevice;
import hardware.ssd.registers.AdminOpcode;
import java.util.ArrayList;
import java.util.List;
import kernel.api.device.ProbeException;
import kernel.uapi.BlockControl;
import kernel.uapi.NvmeIoctl;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;
import testkit.KernelTest;
import testkit.TestKernel;
import testkit.TestProcess;
import userland.libc.Libc;

/** The driver and a controller that behaves. */
final class SsdDriverTest {
    private static final int PAGE = 4096;

    @KernelTest
    void aProgramReadsWhatItWrote(TestKernel kernel) {
        bind(kernel, FakeController.ordinary());
        assertThat(kernel.run("io", libc -> {
                    int fd = openDirect(libc);
                    long memory = pages(libc, 16 * PAGE);
                    for (int i = 0; i < 8; i++) {
                        assertThat(write(libc, fd, memory, i, (i + 1) * PAGE, (long) i * 16 * PAGE))
                                .isEqualTo((i + 1L) * PAGE);
                    }
                    for (int i = 0; i < 8; i++) {
                        assertThat(holds(libc, fd, memory, i, (i + 1) * PAGE, (long) i * 16 * PAGE))
                                .as("write %d", i)
                                .isTrue();
                    }
                    return 0;
                }))
                .isZero();
    }

    @KernelTest
    void transfersOfEverySizeAndOffsetArriveWhereTheyShould(TestKernel kernel) {
        FakeController controller = FakeController.ordinary();
        bind(kernel, controller);
        assertThat(kernel.run("io", libc -> {
                    int fd = openDirect(libc);
                    long memory = pages(libc, 256 * PAGE);
                    for (int blocks : new int[] {1, 7, 8, 9, 15, 16, 17, 64, 513, 1025, 2040}) {
                        for (int offset : new int[] {0, 512, 3584}) {
                            assertThat(write(libc, fd, memory + offset, blocks, blocks * 512, 8 * 512))
                                    .isEqualTo(blocks * 512L);
                            assertThat(holds(libc, fd, memory + offset, blocks, blocks * 512, 8 * 512))
                                    .as("%d blocks at offset %d", blocks, offset)
                                    .isTrue();
                        }
                    }
                    return 0;
                }))
                .isZero();
        assertThat(controller.contents(1)).startsWith(new byte[8 * 512]);
    }

    @KernelTest
    void manyProcessesAtOnceGetTheirOwnDataBack(TestKernel kernel) {
        bind(kernel, FakeController.ordinary());
        List<TestProcess> processes = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            int seed = i;
            processes.add(kernel.start("io" + i, libc -> writeAndCheck(libc, seed, 4)));
        }
        kernel.runUntil(() -> processes.stream().noneMatch(TestProcess::isAlive));
        assertThat(processes).allMatch(process -> process.exitCode() == 0);
    }

    /** In a place of its own. */
    static int writeAndCheck(Libc libc, int seed, int rounds) {
        int fd = openDirect(libc);
        long memory = pages(libc, PAGE);
        for (int round = 0; round < rounds; round++) {
            long position = (long) seed * 4 * PAGE + (long) round % 4 * PAGE;
            if (write(libc, fd, memory, seed + round * 100, PAGE, position) != PAGE
                    || !holds(libc, fd, memory, seed + round * 100, PAGE, position)) {
                return 1;
            }
        }
        return 0;
    }

    @KernelTest
    void flushDiscardAndZeroesReachTheDevice(TestKernel kernel) {
        FakeController controller = FakeController.ordinary();
        bind(kernel, controller);
        assertThat(kernel.run("io", libc -> {
                    int fd = openDirect(libc);
                    long memory = pages(libc, PAGE);
                    write(libc, fd, memory, 1, PAGE, 0);
                    assertThat(libc.raw().call(SystemCallNumber.FSYNC, fd)).isZero();
                    store(libc, memory, 0, PAGE);
                    assertThat(libc.raw().ioctl(fd, BlockControl.BLKDISCARD, memory))
                            .isZero();
                    store(libc, memory, PAGE, 2 * PAGE);
                    assertThat(libc.raw().ioctl(fd, BlockControl.BLKZEROOUT, memory))
                            .isZero();
                    return 0;
                }))
                .isZero();
        assertThat(controller.story()).containsSubsequence("flush", "deallocate 0+8", "zeroes");
    }

    private static void store(Libc libc, long at, long first, long second) {
        byte[] words = new byte[16];
        java.nio.ByteBuffer.wrap(words)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putLong(first)
                .putLong(second);
        libc.processor().store(at, words, 0, words.length);
    }

    @KernelTest(cpus = 4)
    void aControllerWithFewerQueuesThanProcessorsServesAll(TestKernel kernel) {
        bind(kernel, new FakeController(1_000, 3, 2048));
        assertThat(kernel.log()).contains("3 I/O queues of 127");
        manyProcesses(kernel, 8);
    }

    private static void manyProcesses(TestKernel kernel, int count) {
        List<TestProcess> processes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int seed = i;
            processes.add(kernel.start("io" + i, libc -> writeAndCheck(libc, seed, 3)));
        }
        kernel.runUntil(() -> processes.stream().noneMatch(TestProcess::isAlive));
        assertThat(processes).allMatch(process -> process.exitCode() == 0);
    }

    // ---- coming and going

    @KernelTest
    void removalDeletesTheQueuesAndShutsTheControllerDown(TestKernel kernel) {
        FakeController controller = FakeController.ordinary();
        BusDevice device = bind(kernel, controller);
        assertThat(kernel.run("io", libc -> writeAndCheck(libc, 0, 2))).isZero();
        assertThat(kernel.unbind(device)).isTrue();
        assertThat(controller.story())
                .containsSubsequence("enabled", "queue deleted", "queue deleted", "shut down", "disabled");
        assertThat(kernel.run("later", libc -> (int) -libc.raw().open(NODE, O_RDONLY, 0)))
                .isEqualTo(ENOENT);
    }

    @KernelTest
    void removalIsRefusedWhileADiskIsOpen(TestKernel kernel) {
        BusDevice device = bind(kernel, FakeController.ordinary());
        boolean[] mayClose = new boolean[1];
        TestProcess holder = kernel.start("holder", libc -> {
            int fd = openDirect(libc);
            while (!mayClose[0]) {
                libc.raw().call(SystemCallNumber.SCHED_YIELD);
            }
            return fd < 0 ? 1 : 0;
        });
        kernel.runUntil(() -> kernel.module("ssd").references() > 0);
        assertThat(kernel.unbind(device)).isFalse();
        mayClose[0] = true;
        kernel.runUntil(() -> !holder.isAlive());
        assertThat(kernel.unbind(device)).isTrue();
    }

    @KernelTest
    void pulledOutEverythingEndsWithEnodev(TestKernel kernel) {
        // Nothing on the I/O queues ever comes back.
        BusDevice device = bind(
                kernel,
                FakeController.ordinary().with((controller, command) -> command.queue() > 0 && command.word10() >= 8));
        List<TestProcess> processes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long position = (i + 1L) * PAGE;
            processes.add(kernel.start("io" + i, libc -> {
                int fd = openDirect(libc);
                return (int) -write(libc, fd, pages(libc, PAGE), 1, PAGE, position);
            }));
        }
        kernel.runFor(1_000_000);
        assertThat(processes).allMatch(TestProcess::isAlive);
        kernel.unplug(device);
        kernel.runUntil(() -> processes.stream().noneMatch(TestProcess::isAlive));
        assertThat(processes).allMatch(process -> process.exitCode() == ENODEV);
        assertThat(kernel.module("ssd").references()).isZero();
    }

    @KernelTest
    void aDeviceThatDoesNotStartFailsTheProbeAndLeavesNothing(TestKernel kernel) {
        FakeController controller = FakeController.ordinary();
        controller.die();
        BusDevice device = kernel.plug(controller);
        assertThatThrownBy(() -> bind(kernel, device)).isInstanceOf(ProbeException.class);
        assertThat(kernel.log()).doesNotContain("/dev/ssd0");
    }

    // ---- namespaces

    @KernelTest
    void namespacesComeAndGoWhileTheDriverIsThere(TestKernel kernel) {
        FakeController controller = FakeController.ordinary();
        bind(kernel, controller);
        kernel.run();
        controller.setAttached(2, true);
        kernel.run();
        assertThat(kernel.log()).contains("/dev/ssd0n2: 2048 blocks of 512 bytes");
        assertThat(kernel.run("second", libc -> libc.open("/dev/ssd0n2", OpenFlags.O_RDWR) >= 0 ? 0 : 1))
                .isZero();
        controller.setAttached(2, false);
        kernel.run();
        assertThat(kernel.run("gone", libc -> (int) -libc.raw().open("/dev/ssd0n2", O_RDONLY, 0)))
                .isEqualTo(ENOENT);
        assertThat(kernel.run("first", libc -> writeAndCheck(libc, 0, 1))).isZero();
    }

    @KernelTest
    void theSecondControllersDiskIsTheSecondDisk(TestKernel kernel) {
        bind(kernel, FakeController.ordinary());
        bind(kernel, FakeController.ordinary());
        assertThat(kernel.run("both", libc -> {
                    libc.open("/dev/ssd0", O_RDONLY);
                    libc.open("/dev/ssd1", O_RDONLY);
                    return 0;
                }))
                .isZero();
    }

    // ---- commands of programs

    @KernelTest
    void aProgramAsksTheControllerWhoItIs(TestKernel kernel) {
        bind(kernel, FakeController.ordinary());
        assertThat(kernel.run("nvme", libc -> {
                    int fd = libc.open(NODE, O_RDONLY);
                    long page = pages(libc, 2 * PAGE);
                    assertThat(command(libc, fd, page, AdminOpcode.IDENTIFY, 0, page + PAGE, PAGE, 1))
                            .isZero();
                    byte[] model = new byte[4];
                    libc.processor().load(page + PAGE + 24, model, 0, 4);
                    assertThat(new String(model, java.nio.charset.StandardCharsets.US_ASCII))
                            .isEqualTo("Fake");
                    assertThat(libc.raw().ioctl(fd, NvmeIoctl.ID, 0)).isEqualTo(1);
                    assertThat(command(libc, fd, page, AdminOpcode.DELETE_SUBMISSION_QUEUE, 0, 0, 0, 1))
                            .isEqualTo(-EPERM);
                    assertThat(command(libc, fd, page, AdminOpcode.IDENTIFY, 0, page, PAGE + 4, 1))
                            .isEqualTo(-EINVAL);
                    assertThat(command(libc, fd, page, 0xc1, 0, 0, 0, 0)).isEqualTo(1);
                    return 0;
                }))
                .isZero();
    }

    /** What the ioctl answers. */
    static long command(Libc libc, int fd, long at, int opcode, int namespace, long address, int length, int word10) {
        byte[] structure = new byte[NvmeIoctl.BYTES];
        java.nio.ByteBuffer.wrap(structure)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .put(NvmeIoctl.OPCODE, (byte) opcode)
                .putInt(NvmeIoctl.NAMESPACE, namespace)
                .putLong(NvmeIoctl.ADDRESS, address)
                .putInt(NvmeIoctl.DATA_LENGTH, length)
                .putInt(NvmeIoctl.WORD10, word10);
        libc.processor().store(at, structure, 0, structure.length);
        return libc.raw().ioctl(fd, NvmeIoctl.ADMIN_COMMAND, at);
    }

    @KernelTest
    void aFormattedDiskIsEmptyAndNew(TestKernel kernel) {
        FakeController controller = FakeController.ordinary();
        bind(kernel, controller);
        assertThat(kernel.run("format", libc -> {
                    writeAndCheck(libc, 0, 1);
                    int fd = libc.open(NODE, OpenFlags.O_RDWR);
                    return (int) command(libc, fd, pages(libc, PAGE), AdminOpcode.FORMAT_NVM, 1, 0, 0, 0);
                }))
                .isZero();
        kernel.run();
        assertThat(controller.story()).contains("format");
        assertThat(controller.contents(1)).startsWith(new byte[PAGE]);
        assertThat(kernel.log()).containsSubsequence("/dev/ssd0: removed", "/dev/ssd0: 2048 blocks");
        assertThat(kernel.run("again", libc -> writeAndCheck(libc, 0, 1))).isZero();
    }

    @KernelTest
    void whoHoldsADiskExclusivelyKeepsOthersOut(TestKernel kernel) {
        bind(kernel, FakeController.ordinary());
        assertThat(kernel.run("exclusive", libc -> {
                    libc.open(NODE, OpenFlags.O_RDWR | OpenFlags.O_EXCL);
                    return (int) -libc.raw().open(NODE, OpenFlags.O_RDWR | OpenFlags.O_EXCL, 0);
                }))
                .isEqualTo(EBUSY);
    }
}
