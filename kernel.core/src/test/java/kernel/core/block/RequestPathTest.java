// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.EOPNOTSUPP;
import static kernel.uapi.Errno.EROFS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kernel.api.block.Bio;
import kernel.api.block.BlockOperation;
import kernel.api.block.BlockRequest;
import kernel.api.block.DiskLimits;
import kernel.core.execution.Lab;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A bio on its way to the driver and back. */
class RequestPathTest {
    private final BlockLab block = new BlockLab(Lab.deterministic(2));

    @AfterEach
    void close() {
        block.close();
    }

    @Test
    void dataComesAndGoes() {
        RamDisk driver = block.newDisk(1, 64);
        long address = block.memory(4096);
        block.lab.start("user", self -> {
            GenericDisk disk = block.add(self, driver, 1, 4, "ram0", BlockLab.limits());
            block.lab.machine().memory().fill(address, 1024, (byte) 7);
            Bio bio = disk.whole().newBio(1);
            bio.reset(BlockOperation.WRITE, 8, 0).add(address, 1024);
            assertThat(bio.submitAndWait(self)).isZero();
            assertThat(driver.content()[8 * 512]).isEqualTo((byte) 7);
            assertThat(driver.content()[8 * 512 + 1024]).isZero();
            bio.reset(BlockOperation.READ, 9, 0).add(address + 2048, 512);
            assertThat(bio.submitAndWait(self)).isZero();
            assertThat(block.lab.machine().memory().getInt(address + 2048)).isEqualTo(0x07070707);
        });
        block.lab.finish();
        assertThat(driver.log).containsExactly("WRITE 8+2", "READ 9+1");
    }

    @Test
    void aDeviceMayBeDoneBeforeItWasTold() {
        RamDisk driver = block.newDisk(1, 64);
        driver.latencyNanos = request -> RamDisk.INLINE;
        long address = block.memory(4096);
        block.lab.start("user", self -> {
            GenericDisk disk = block.add(self, driver, 1, 1, "ram0", BlockLab.limits());
            Bio bio = disk.whole().newBio(1);
            for (int i = 0; i < 10; i++) {
                bio.reset(BlockOperation.WRITE, i, 0).add(address, 512);
                assertThat(bio.submitAndWait(self)).isZero();
            }
        });
        block.lab.finish();
        assertThat(driver.log).hasSize(10);
    }

    @Test
    void aBioLargerThanTheDeviceTakesIsCut() {
        RamDisk driver = block.newDisk(1, 64);
        long address = block.memory(16384);
        DiskLimits small = new DiskLimits(512, 512, 4096, 2, 1, 0, 0, 0, false, false, false);
        block.lab.start("user", self -> {
            GenericDisk disk = block.add(self, driver, 1, 8, "ram0", small);
            Bio bio = disk.whole().newBio(8);
            bio.reset(BlockOperation.WRITE, 0, 0);
            bio.add(address, 6144);
            bio.add(address + 8192, 512);
            bio.add(address + 10240, 512);
            bio.add(address + 12288, 512);
            assertThat(bio.submitAndWait(self)).isZero();
        });
        block.lab.finish();
        assertThat(driver.log).containsExactly("WRITE 0+8", "WRITE 8+5", "WRITE 13+2");
    }

    @Test
    void memoryWithGapsIsNotPutIntoOneRequest() {
        RamDisk driver = block.newDisk(1, 64);
        long address = block.memory(16384);
        DiskLimits paged = new DiskLimits(512, 512, 1 << 20, 128, 4096, 0, 0, 0, false, false, false);
        block.lab.start("user", self -> {
            GenericDisk disk = block.add(self, driver, 1, 8, "ram0", paged);
            Bio bio = disk.whole().newBio(8);
            bio.reset(BlockOperation.READ, 0, 0);
            bio.add(address + 3584, 512);
            bio.add(address + 8192, 4096);
            bio.add(address + 4096, 1024);
            bio.add(address, 512);
            assertThat(bio.submitAndWait(self)).isZero();
        });
        block.lab.finish();
        assertThat(driver.log).containsExactly("READ 0+11", "READ 11+1");
    }

    @Test
    void neighboursInAPlugBecomeOneRequest() {
        RamDisk driver = block.newDisk(1, 64);
        long address = block.memory(16384);
        block.lab.start("user", self -> {
            GenericDisk disk = block.add(self, driver, 1, 8, "ram0", BlockLab.limits());
            List<Bio> bios = new ArrayList<>();
            int[] done = new int[1];
            Plug plug = Plug.start(self);
            for (int i : new int[] {3, 4, 5, 2, 9}) {
                Bio bio = disk.whole().newBio(1);
                bio.reset(BlockOperation.WRITE, i, 0).add(address + i * 1024L, 512);
                bio.onCompletion((context, over) -> done[0]++);
                bio.submit(self);
                bios.add(bio);
            }
            assertThat(driver.log).isEmpty();
            Plug.finish(self, plug);
            block.lab.after(100_000, () -> {});
            self.sleep(200_000);
            assertThat(done[0]).isEqualTo(5);
            assertThat(bios).allMatch(bio -> bio.error() == 0);
        });
        block.lab.finish();
        assertThat(driver.log).containsExactly("WRITE 2+4", "WRITE 9+1");
        assertThat(driver.commits).isZero();
    }

    @Test
    void whoSleepsSendsWhatItHeldBack() {
        RamDisk driver = block.newDisk(1, 64);
        long address = block.memory(4096);
        block.lab.start("user", self -> {
            GenericDisk disk = block.add(self, driver, 1, 8, "ram0", BlockLab.limits());
            Plug plug = Plug.start(self);
            Bio bio = disk.whole().newBio(1);
            bio.reset(BlockOperation.WRITE, 1, 0).add(address, 512);
            assertThat(bio.submitAndWait(self)).isZero();
            Plug.finish(self, plug);
        });
        block.lab.finish();
        assertThat(driver.log).containsExactly("WRITE 1+1");
    }

    @Test
    void whatCannotBeIsRefusedWithAReason() {
        RamDisk driver = block.newDisk(1, 64);
        long address = block.memory(4096);
        DiskLimits readOnly = new DiskLimits(4096, 4096, 1 << 20, 128, 1, 0, 0, 0, false, false, true);
        block.lab.start("user", self -> {
            GenericDisk disk = block.add(self, driver, 1, 8, "ram0", readOnly);
            Bio bio = disk.whole().newBio(1);
            bio.reset(BlockOperation.WRITE, 0, 0).add(address, 4096);
            assertThat(bio.submitAndWait(self)).isEqualTo(-EROFS);
            bio.reset(BlockOperation.READ, 1, 0).add(address, 4096);
            assertThat(bio.submitAndWait(self)).isEqualTo(-EINVAL);
            bio.reset(BlockOperation.READ, 64, 0).add(address, 4096);
            assertThat(bio.submitAndWait(self)).isEqualTo(-EIO);
            bio.reset(BlockOperation.READ, Long.MAX_VALUE & -8, 0).add(address, 4096);
            assertThat(bio.submitAndWait(self)).isEqualTo(-EIO);
            GenericDisk other = block.add(self, block.newDisk(1, 64), 1, 1, "ram1", readOnly);
            other.queueLimits();
            assertThat(disk.whole().discard(self, 0, 8)).isEqualTo(-EROFS);
        });
        block.lab.finish();
        assertThat(driver.log).isEmpty();
        assertThat(block.log).anyMatch(line -> line.startsWith("ram0: attempt to access beyond end of device"));
    }

    @Test
    void discardNeedsADeviceThatKnowsItAndZeroesDoNot() {
        RamDisk driver = block.newDisk(1, 64);
        driver.content()[5 * 512] = 1;
        DiskLimits plain = new DiskLimits(512, 512, 1 << 20, 128, 1, 0, 0, 0, false, false, false);
        block.lab.start("user", self -> {
            GenericDisk disk = block.add(self, driver, 1, 8, "ram0", plain);
            assertThat(disk.whole().discard(self, 0, 8)).isEqualTo(-EOPNOTSUPP);
            assertThat(disk.whole().writeZeroes(self, 5, 2)).isZero();
            GenericDisk able = block.add(self, block.newDisk(1, 64), 1, 1, "ram1", BlockLab.limits());
            assertThat(able.whole().discard(self, 0, 8)).isZero();
            assertThat(able.whole().writeZeroes(self, 0, 8)).isZero();
        });
        block.lab.finish();
        assertThat(driver.log).containsExactly("WRITE 5+2");
        assertThat(driver.content()[5 * 512]).isZero();
    }

    @Test
    void anErrorReachesWhoAskedAndNobodyElse() {
        RamDisk driver = block.newDisk(1, 64);
        driver.fails = request -> request.sector() == 7;
        long address = block.memory(4096);
        block.lab.start("user", self -> {
            GenericDisk disk = block.add(self, driver, 1, 8, "ram0", BlockLab.limits());
            Bio bad = disk.whole().newBio(1);
            bad.reset(BlockOperation.READ, 7, 0).add(address, 512);
            Bio good = disk.whole().newBio(1);
            good.reset(BlockOperation.READ, 9, 0).add(address, 512);
            bad.submit(self);
            assertThat(good.submitAndWait(self)).isZero();
            self.sleep(100_000);
            assertThat(bad.error()).isEqualTo(-EIO);
        });
        block.lab.finish();
    }

    @Test
    void whatComesBackTwiceIsReportedAndIgnored() {
        RamDisk driver = block.newDisk(1, 64);
        long address = block.memory(4096);
        BlockRequest[] kept = new BlockRequest[1];
        driver.latencyNanos = request -> {
            kept[0] = request;
            return 1_000;
        };
        block.lab.start("user", self -> {
            GenericDisk disk = block.add(self, driver, 1, 8, "ram0", BlockLab.limits());
            Bio bio = disk.whole().newBio(1);
            bio.reset(BlockOperation.READ, 7, 0).add(address, 512);
            assertThat(bio.submitAndWait(self)).isZero();
            kept[0].complete(self, -EIO);
            kept[0].requeue(self);
            assertThat(bio.error()).isZero();
            assertThat(disk.tagSet().queue(0).inFlightCount()).isZero();
        });
        block.lab.run();
        assertThat(block.lab.deadTasks()).isEmpty();
        assertThat(block.lab.reports())
                .anyMatch(line -> line.contains("completes ram0 tag 0 READ 7 + 1, which it does not have"));
        assertThat(block.lab.reports()).anyMatch(line -> line.contains("requeues ram0"));
    }

    @Test
    void aDriverThatThrowsFailsTheRequestAndNotTheQueue() {
        RamDisk driver = block.newDisk(1, 64);
        long address = block.memory(4096);
        driver.isBusy = request -> {
            if (request.sector() == 5) {
                throw new IllegalStateException("a bug");
            }
            return false;
        };
        int[] outcome = new int[1];
        block.lab.start("victim", self -> {
            GenericDisk disk = block.add(self, driver, 1, 8, "ram0", BlockLab.limits());
            Bio bio = disk.whole().newBio(1);
            bio.reset(BlockOperation.READ, 5, 0).add(address, 512);
            bio.onCompletion((context, over) -> outcome[0] = over.error());
            bio.submit(self);
        });
        block.lab.run();
        assertThat(block.lab.deadTasks()).hasSize(1);
        assertThat(outcome[0]).isEqualTo(-EIO);
        block.lab.start("other", self -> {
            Bio bio = block.device("ram0").newBio(1);
            bio.reset(BlockOperation.READ, 6, 0).add(address, 512);
            outcome[0] = bio.submitAndWait(self);
        });
        block.lab.run();
        assertThat(outcome[0]).isZero();
    }
}
