// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EBUSY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import kernel.api.block.Bio;
import kernel.api.block.BlockOperation;
import kernel.core.execution.Lab;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Partition tables, good ones and bad ones. */
class PartitionTest {
    private static final int SECTORS = 512;

    private final BlockLab block = new BlockLab(Lab.deterministic(1));
    private final RamDisk driver = block.newDisk(1, SECTORS);
    private final TableImage image = new TableImage(driver.content());
    private GenericDisk disk;

    @AfterEach
    void close() {
        block.close();
    }

    private void add() {
        block.lab.start("insmod", self -> disk = block.add(self, driver, 1, 4, "ram0", BlockLab.limits()));
        block.lab.finish();
    }

    private List<String> parts() {
        return disk.partitions().parts().stream()
                .map(part -> "%s %d+%d".formatted(part.name(), part.startSector(), part.sectors()))
                .toList();
    }

    @Test
    void aDiskWithoutATableHasNoPartitions() {
        add();
        assertThat(parts()).isEmpty();
        assertThat(block.log).isEmpty();
    }

    @Test
    void aGuidTableIsRead() {
        image.gpt(40, 49, 0, 0, 100, 199);
        add();
        assertThat(parts()).containsExactly("ram0p1 40+10", "ram0p3 100+100");
        assertThat(block.log).containsExactly(" ram0: p1 p3");
        assertThat(block.proc.text("partitions")).isEqualTo("""
                        major minor  #blocks  name

                         259        0        256 ram0
                         259        1          5 ram0p1
                         259        2         50 ram0p3
                        """);
    }

    @Test
    void theCopyServesWhenTheFirstTableIsDamaged() {
        image.gpt(40, 49);
        driver.content()[512 + 60] ^= 1;
        add();
        assertThat(parts()).containsExactly("ram0p1 40+10");
        assertThat(block.log).containsExactly("ram0: Primary GPT is invalid, using alternate GPT.", " ram0: p1");
    }

    @Test
    void aDamagedEntryIsFoundByItsChecksum() {
        image.gpt(40, 49);
        driver.content()[1024 + 33] ^= 1;
        add();
        assertThat(parts()).containsExactly("ram0p1 40+10");
        assertThat(block.log.getFirst()).contains("Primary GPT is invalid");
    }

    @Test
    void aDamagedCopyIsReported() {
        image.gpt(40, 49);
        driver.content()[driver.content().length - 512] ^= 1;
        add();
        assertThat(parts()).containsExactly("ram0p1 40+10");
        assertThat(block.log.getFirst()).isEqualTo("ram0: Alternate GPT is invalid, using primary GPT.");
    }

    @Test
    void twoDamagedTablesAreNone() {
        image.gpt(40, 49);
        driver.content()[512] ^= 1;
        driver.content()[driver.content().length - 512] ^= 1;
        add();
        assertThat(parts()).isEmpty();
    }

    @Test
    void partitionsOutsideOfTheDiskOrOnTopOfOthersAreLeftOut() {
        image.gpt(40, 49, 45, 60, 600, 700, 500, 600, 70, 60, 80, 89);
        add();
        assertThat(parts()).containsExactly("ram0p1 40+10", "ram0p6 80+10");
        assertThat(block.log)
                .containsExactly(
                        "ram0: p2 overlaps p1, ignored",
                        "ram0: p3 start 600 is beyond EOD, ignored",
                        "ram0: p4 size 101 extends beyond EOD, ignored",
                        "ram0: p5 start 70 size -9 makes no sense, ignored",
                        " ram0: p1 p6");
    }

    @Test
    void aMasterBootRecordIsReadWithItsLogicalPartitions() {
        image.mbr(0, 0, 0x83, 10, 20).mbr(0, 1, 0x05, 100, 200);
        image.mbr(100, 0, 0x83, 2, 30).mbr(100, 1, 0x05, 50, 40);
        image.mbr(150, 0, 0x83, 5, 10);
        add();
        assertThat(parts()).containsExactly("ram0p1 10+20", "ram0p2 100+2", "ram0p5 102+30", "ram0p6 155+10");
    }

    @Test
    void aChainInACircleHasAnEnd() {
        image.mbr(0, 0, 0x05, 100, 200);
        image.mbr(100, 0, 0x05, 0, 10);
        add();
        assertThat(parts()).containsExactly("ram0p1 100+2");
        assertThat(block.log).contains("ram0: the chain of logical partitions has no end");
    }

    @Test
    void aTableThatCannotBeReadIsReported() {
        driver.fails = request -> true;
        add();
        assertThat(parts()).isEmpty();
        assertThat(block.log).containsExactly(" ram0: unable to read partition table");
    }

    @Test
    void aPartitionIsAPieceOfTheDisk() {
        image.gpt(40, 49);
        driver.content()[42 * 512] = 9;
        add();
        long address = block.memory(4096);
        run(self -> {
            Bio bio = block.device("ram0p1").newBio(1);
            bio.reset(BlockOperation.READ, 2, 0).add(address, 512);
            assertThat(bio.submitAndWait(self)).isZero();
            bio.reset(BlockOperation.READ, 10, 0).add(address, 512);
            assertThat(bio.submitAndWait(self)).isEqualTo(-kernel.uapi.Errno.EIO);
        });
        assertThat(block.lab.machine().memory().getInt(address)).isEqualTo(9);
        assertThat(block.proc.text("diskstats").lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).contains("ram0 "),
                        line -> assertThat(line).contains("ram0p1 1 0 1 "));
    }

    private void run(Consumer<kernel.core.execution.Task> body) {
        block.lab.start("user", body);
        block.lab.finish();
    }

    @Test
    void aTableIsReadAgainUnlessAPartitionIsInUse() {
        image.gpt(40, 49);
        add();
        image.gpt(40, 59, 60, 69);
        run(self -> {
            BlockHandle handle = block.open(self, "ram0p1");
            assertThat(PartitionScan.scan(self, disk)).isEqualTo(-EBUSY);
            handle.close(self);
            assertThat(PartitionScan.scan(self, disk)).isZero();
        });
        assertThat(parts()).containsExactly("ram0p1 40+20", "ram0p2 60+10");
        assertThat(block.sys.paths()).contains("block/ram0/ram0p2/start", "block/ram0/queue/scheduler");
        assertThat(block.sys.text("block/ram0/ram0p2/start")).isEqualTo("60\n");
    }

    @Test
    void aDiskAndItsPartitionsAreNotClaimedTogether() {
        image.gpt(40, 49, 60, 69);
        add();
        run(self -> {
            BlockHandle first = block.open(self, "ram0p1");
            BlockHandle second = block.open(self, "ram0p2");
            assertThat(openError(self, "ram0")).isEqualTo(EBUSY);
            assertThat(openError(self, "ram0p1")).isEqualTo(EBUSY);
            first.close(self);
            second.close(self);
            BlockHandle whole = block.open(self, "ram0");
            assertThat(openError(self, "ram0p2")).isEqualTo(EBUSY);
            assertThat(block.module.references()).isEqualTo(1);
            assertThat(block.layer.kernelHolders(block.module)).containsExactly("test /dev/ram0");
            whole.close(self);
        });
        assertThat(block.module.references()).isZero();
    }

    private int openError(kernel.core.execution.Task self, String name) {
        try {
            block.open(self, name);
            return 0;
        } catch (kernel.api.block.BlockException e) {
            return e.errno();
        }
    }
}
