// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static drivers.ssd.Disks.bindWith;
import static drivers.ssd.Disks.holds;
import static drivers.ssd.Disks.impatient;
import static drivers.ssd.Disks.openDirect;
import static drivers.ssd.Disks.pages;
import static drivers.ssd.Disks.write;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODATA;
import static kernel.uapi.Errno.ENODEV;
import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.ssd.SsdModel;
import hardware.ssd.control.Fault;
import hardware.ssd.control.FaultKind;
import java.util.Map;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;
import testkit.KernelTest;
import testkit.TestKernel;
import userland.libc.Libc;

/** The driver and the real disk with each of its faults: each ends in a retry, a reset, or an errno that says what it is. */
final class SsdFaultsTest {
    private static final int PAGE = 4096;
    private static final int WRONG_DATA = 255;

    private static SsdModel disk(TestKernel kernel, String... parameters) {
        Map<String, String> given = new java.util.TreeMap<>(Map.of("capacity", "4M", "profile", "nvme"));
        for (String parameter : parameters) {
            given.put(parameter.substring(0, parameter.indexOf('=')), parameter.substring(parameter.indexOf('=') + 1));
        }
        SsdModel model = new SsdModel(hardware.ssd.SsdParameters.of(given));
        bindWith(kernel, model, impatient());
        return model;
    }

    /** Writes the pages two and three, and reads both again; 0, an errno, or {@link #WRONG_DATA}. */
    private static int writeAndRead(Libc libc) {
        int fd = (int) libc.raw().open(Disks.NODE, OpenFlags.O_RDWR | OpenFlags.O_DIRECT, 0);
        if (fd < 0) {
            return -fd;
        }
        long memory = pages(libc, PAGE);
        for (int page = 2; page <= 3; page++) {
            long count = write(libc, fd, memory, page, PAGE, (long) page * PAGE);
            if (count < 0) {
                return (int) -count;
            }
        }
        for (int page = 2; page <= 3; page++) {
            long count = libc.raw().call(SystemCallNumber.PREAD64, fd, memory, PAGE, (long) page * PAGE, 0, 0);
            if (count < 0) {
                return (int) -count;
            }
            if (!holds(libc, fd, memory, page, PAGE, (long) page * PAGE)) {
                return WRONG_DATA;
            }
        }
        return 0;
    }

    private static int resultWith(TestKernel kernel, Fault fault) {
        SsdModel model = disk(kernel);
        assertThat(kernel.run("before", SsdFaultsTest::writeAndRead)).isZero();
        model.inject(fault);
        int result = kernel.run("io", SsdFaultsTest::writeAndRead);
        model.clearFaults();
        assertThat(kernel.run("after", SsdFaultsTest::writeAndRead)).isZero();
        return result;
    }

    @KernelTest
    void aReadThatFailsTwiceIsRetried(TestKernel kernel) {
        assertThat(resultWith(kernel, Fault.of(FaultKind.READ_ERROR).times(2))).isZero();
    }

    @KernelTest
    void aReadThatFailsForGoodIsAnErrorOfTheMedium(TestKernel kernel) {
        assertThat(resultWith(kernel, Fault.of(FaultKind.READ_ERROR))).isEqualTo(ENODATA);
    }

    @KernelTest
    void aWriteThatFailsTwiceIsRetried(TestKernel kernel) {
        assertThat(resultWith(kernel, Fault.of(FaultKind.WRITE_ERROR).times(2))).isZero();
    }

    @KernelTest
    void aWriteThatFailsForGoodIsAnErrorOfTheMedium(TestKernel kernel) {
        assertThat(resultWith(kernel, Fault.of(FaultKind.WRITE_ERROR))).isEqualTo(ENODATA);
    }

    @KernelTest
    void aStuckCommandIsAbortedAndSentAgain(TestKernel kernel) {
        assertThat(resultWith(kernel, Fault.of(FaultKind.STUCK).times(1))).isZero();
        assertThat(kernel.log()).contains("timeout, aborting").doesNotContain("reset controller");
    }

    @KernelTest
    void aQueueThatIsStuckForGoodEndsInEio(TestKernel kernel) {
        // The commands of the I/O queues only, so that resets work; those of the second one go by the other processor.
        assertThat(resultWith(kernel, Fault.of(FaultKind.STUCK).inQueue(1))).isIn(0, EIO);
    }

    @KernelTest
    void aLostInterruptIsFound(TestKernel kernel) {
        assertThat(resultWith(kernel, Fault.of(FaultKind.LOST_INTERRUPT).times(1)))
                .isZero();
        assertThat(kernel.log()).contains("timeout, completion polled");
    }

    @KernelTest
    void aSpuriousInterruptDoesNoHarm(TestKernel kernel) {
        assertThat(resultWith(kernel, Fault.of(FaultKind.SPURIOUS_INTERRUPT))).isZero();
    }

    @KernelTest
    void dataToAWildAddressIsRefusedAndTheRequestSentAgain(TestKernel kernel) {
        assertThat(resultWith(kernel, Fault.of(FaultKind.WILD_DMA).times(1))).isZero();
    }

    @KernelTest
    void aDeviceThatOnlyReachesWildAddressesGivesEio(TestKernel kernel) {
        assertThat(resultWith(kernel, Fault.of(FaultKind.WILD_DMA).inNamespace(1)))
                .isEqualTo(EIO);
    }

    @KernelTest
    void aControllerThatDiesIsResetAndTheRequestSentAgain(TestKernel kernel) {
        assertThat(resultWith(kernel, Fault.of(FaultKind.CONTROLLER_FATAL).times(1)))
                .isZero();
        assertThat(kernel.log()).contains("controller is down (CSTS.CFS)");
    }

    @KernelTest
    void aCommandThatIsTooSlowIsAbortedOrComesBackInTheEnd(TestKernel kernel) {
        assertThat(resultWith(
                        kernel,
                        Fault.of(FaultKind.SLOW).slowerBy(2_500_000_000L).times(1)))
                .isZero();
        assertThat(kernel.log()).contains("timeout, aborting");
    }

    /** No check of the hardware sees these; there are no checksums, and so the driver cannot know. Nothing else is touched by them. */
    @KernelTest
    void whatTheDiskDoesSilentlyIsNotSeenAndStaysWhereItHappened(TestKernel kernel) {
        for (FaultKind kind :
                new FaultKind[] {FaultKind.CORRUPT_READ, FaultKind.LOST_WRITE, FaultKind.MISDIRECTED_READ}) {
            TestKernel own = TestKernel.deterministic(3);
            try (own) {
                SsdModel model = disk(own);
                own.run("before", libc -> {
                    int fd = openDirect(libc);
                    long memory = pages(libc, PAGE);
                    write(libc, fd, memory, 77, PAGE, 9L * PAGE);
                    return 0;
                });
                model.inject(Fault.of(kind).inBlocks(16, 8));
                assertThat(own.run("io", SsdFaultsTest::writeAndRead))
                        .as("%s", kind)
                        .isEqualTo(WRONG_DATA);
                assertThat(own.run(
                                "elsewhere",
                                libc -> holds(libc, openDirect(libc), pages(libc, PAGE), 77, PAGE, 9L * PAGE) ? 0 : 1))
                        .as("%s", kind)
                        .isZero();
            }
        }
        assertThat(kernel.log()).doesNotContain("ssd0");
    }

    @KernelTest
    void afterAPowerCutTheDiskIsGivenUpAndWhatWasSyncedIsThereWhenItIsBack(TestKernel kernel) {
        SsdModel model = new SsdModel(hardware.ssd.SsdParameters.of(Map.of("capacity", "4M", "profile", "nvme")));
        BusDevice device = bindWith(kernel, model, impatient());
        assertThat(kernel.run("synced", libc -> {
                    int fd = openDirect(libc);
                    write(libc, fd, pages(libc, PAGE), 4, PAGE, 0);
                    return (int) libc.raw().call(SystemCallNumber.FSYNC, fd);
                }))
                .isZero();
        model.powerCut();
        assertThat(kernel.run("io", SsdFaultsTest::writeAndRead)).isEqualTo(ENODEV);
        assertThat(kernel.log()).contains("device does not answer", "disabling device after reset failure");
        assertThat(kernel.unbind(device)).isTrue();
        model.powerOn();
        kernel.bind(device, "ssd", bound -> new SsdDriver(bound, impatient()));
        assertThat(kernel.run("after", libc -> holds(libc, openDirect(libc), pages(libc, PAGE), 4, PAGE, 0) ? 0 : 1))
                .isZero();
    }

    @KernelTest
    void theWriteCacheIsOnFlashWhenTheDriverIsGone(TestKernel kernel) {
        SsdModel model = new SsdModel(hardware.ssd.SsdParameters.of(Map.of("capacity", "4M", "profile", "nvme")));
        BusDevice device = bindWith(kernel, model, impatient());
        assertThat(kernel.run("io", SsdFaultsTest::writeAndRead)).isZero();
        assertThat(kernel.unbind(device)).isTrue();
        model.powerCut();
        model.powerOn();
        kernel.bind(device, "ssd", bound -> new SsdDriver(bound, impatient()));
        assertThat(kernel.run(
                        "after", libc -> holds(libc, openDirect(libc), pages(libc, PAGE), 3, PAGE, 3L * PAGE) ? 0 : 1))
                .isZero();
    }

    @KernelTest
    void aDiskThatGetsHotSaysSo(TestKernel kernel) {
        SsdModel model = disk(kernel);
        kernel.run();
        model.setTemperature(273 + 99);
        kernel.run();
        assertThat(kernel.log()).contains("critical warning: temperature 99 Celsius");
    }

    @KernelTest
    void detachedAndAttachedNamespacesGoAndCome(TestKernel kernel) {
        SsdModel model = disk(kernel, "namespaces=2");
        kernel.run();
        assertThat(kernel.log()).contains("/dev/ssd0n2: 4096 blocks of 512 bytes");
        model.detachNamespace(2);
        kernel.run();
        assertThat(kernel.log()).contains("/dev/ssd0n2: removed");
        model.attachNamespace(2);
        kernel.run();
        assertThat(kernel.log()).containsSubsequence("/dev/ssd0n2: removed", "/dev/ssd0n2: 4096 blocks");
    }
}
