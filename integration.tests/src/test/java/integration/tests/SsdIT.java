// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.OpenFlags.O_DIRECT;
import static kernel.uapi.OpenFlags.O_RDWR;
import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.framework.InFramework;
import integration.tests.framework.TestFramework;
import integration.tests.machine.Inventory;
import integration.tests.machine.TestMachine;
import integration.tests.machine.TestProcess;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import userland.libc.Libc;

/** A disk and its driver in the framework: they come and go while programs read and write. */
@InFramework(
        bundles = {"hardware.machine", "kernel.api", "kernel.core", "kernel.vfs", "hardware.ssd", "userland"},
        properties = "ubend.parameters=devices=")
class SsdIT {
    private static final String DRIVER = "drivers.ssd";
    private static final String NODE = "/dev/ssd0";
    private static final int PAGE = 4096;
    private static final int CYCLES = Effort.of(50, 1_000);

    private TestMachine machine;

    @BeforeEach
    void reboot(TestFramework framework) throws InterruptedException {
        machine = TestMachine.reboot(framework);
    }

    private String plug() {
        String name = machine.hardware().plug("ssd", Map.of("capacity", "4M", "queues", "2"));
        machine.settle();
        return name;
    }

    /** Writes and reads pages by direct transfers; 0 or a positive errno. */
    private static int transfer(Libc libc, int rounds, AtomicInteger done) {
        int fd = (int) libc.raw().open(NODE, O_RDWR | O_DIRECT, 0);
        if (fd < 0) {
            return -fd;
        }
        long memory = libc.mmap(PAGE);
        for (int round = 0; round < rounds; round++) {
            long position = (round % 256L) * PAGE;
            long written = libc.raw().call(SystemCallNumber.PWRITE64, fd, memory, PAGE, position, 0, 0);
            long read =
                    written < 0 ? written : libc.raw().call(SystemCallNumber.PREAD64, fd, memory, PAGE, position, 0, 0);
            if (read < 0) {
                return (int) -read;
            }
            done.incrementAndGet();
        }
        libc.close(fd);
        return 0;
    }

    @Test
    void aDiskIsThereAsSoonAsItsDriverIs() {
        plug();
        assertThat(machine.exists(NODE)).isFalse();
        assertThat(machine.insmod(DRIVER)).isZero();
        assertThat(machine.exists(NODE)).isTrue();
        assertThat(machine.cat("/proc/partitions")).containsPattern("4096 ssd0");
        assertThat(machine.cat("/proc/interrupts")).contains("ssd0q0", "ssd0q1");
        AtomicInteger done = new AtomicInteger();
        int error = machine.call("io", libc -> transfer(libc, 300, done));
        assertThat(error).isZero();
        assertThat(done.get()).isEqualTo(300);
        assertThat(machine.rmmod("ssd")).isZero();
        assertThat(machine.exists(NODE)).isFalse();
    }

    @Test
    void rmmodIsRefusedWhileADiskIsOpenAndNamesTheHolder() {
        plug();
        machine.insmod(DRIVER);
        int[] error = new int[1];
        machine.run("holder", libc -> {
            int fd = libc.open(NODE, O_RDWR);
            error[0] = (int) -libc.raw().deleteModule("ssd", kernel.uapi.OpenFlags.O_NONBLOCK);
            return fd < 0 ? 1 : 0;
        });
        assertThat(error[0]).isEqualTo(EAGAIN);
        assertThat(machine.rmmod("ssd")).isZero();
    }

    @Test
    void aDiskPulledOutUnderLoadEndsEveryTransferAndComesBack() {
        for (int round = 0; round < Effort.of(10, 500); round++) {
            String disk = plug();
            if (round == 0) {
                assertThat(machine.insmod(DRIVER)).isZero();
            }
            AtomicInteger done = new AtomicInteger();
            AtomicInteger result = new AtomicInteger(-1);
            TestProcess writer = machine.start("writer", libc -> {
                result.set(transfer(libc, Integer.MAX_VALUE, done));
                return 0;
            });
            machine.await("transfers are under way", () -> done.get() > 20);
            machine.unplug(disk);
            writer.await();
            assertThat(result.get()).isIn(ENODEV, EIO);
            assertThat(machine.exists(NODE)).isFalse();
        }
        assertThat(machine.kernel().taint().mask()).as("%s", machine.dmesg()).isZero();
        assertThat(machine.rmmod("ssd")).isZero();
    }

    @Test
    void manyReloadsWithTransfersInBetweenLeaveNothingBehind() {
        plug();
        reload();
        Inventory before = machine.inventory();
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            reload();
        }
        assertThat(machine.inventory()).usingRecursiveComparison().isEqualTo(before);
        assertThat(machine.kernel().taint().mask()).as("%s", machine.dmesg()).isZero();
    }

    private void reload() {
        assertThat(machine.insmod(DRIVER)).isZero();
        int error = machine.call("io", libc -> transfer(libc, 3, new AtomicInteger()));
        assertThat(error).isZero();
        assertThat(machine.rmmod("ssd")).isZero();
    }
}
