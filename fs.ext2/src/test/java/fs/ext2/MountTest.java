// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.EROFS;
import static kernel.uapi.Errno.ESTALE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import kernel.api.fs.FileSystemException;
import kernel.api.fs.MountedFileSystem;
import kernel.uapi.FileMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What mount takes and what it refuses, what it notes in the superblock, and what its options do. */
class MountTest {
    private static final int SUPERBLOCK = 1024;
    private static final String SHAPE = "-b 1024 -I 128 -g 1024 -N 128 -e continue";

    @TempDir
    private Path folder;

    private Path image;
    private FakeDevice device;

    @BeforeEach
    void makeFileSystem() {
        HostTool.assumePresent();
        image = HostTool.makeFileSystem(folder.resolve("image"), SHAPE, "4M");
        device = FakeDevice.of(image);
    }

    private static ByteBuffer bytes(byte[] disk) {
        return ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN);
    }

    private FakeDevice changed(int offset, int value) {
        byte[] disk = device.disk().clone();
        bytes(disk).putInt(offset, value);
        return new FakeDevice(disk, true);
    }

    private int superblock(int field) {
        return bytes(device.disk()).getInt(SUPERBLOCK + field);
    }

    private int superblockShort(int field) {
        return bytes(device.disk()).getShort(SUPERBLOCK + field) & 0xffff;
    }

    // ---- what is refused

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "56  | 0x1234     | error: can't find an ext2 filesystem on dev ram0.",
                "96  | 0x42       | error: couldn't mount because of unsupported optional features (40)",
                "100 | 0x400      | error: couldn't mount RDWR because of unsupported optional features (400)",
                "24  | 3          | error: unsupported blocksize",
                "24  | -1         | error: unsupported blocksize",
                "28  | 2          | error: fragsize 4096 != blocksize 1024",
                "88  | 96         | error: unsupported inode size: 96",
                "88  | 2048       | error: unsupported inode size: 2048",
                "32  | 0          | error: #blocks per group too big: 0",
                "32  | 8193       | error: #blocks per group too big: 8193",
                "40  | -1         | error: #inodes per group too big: 4294967295",
                "0   | 129        | error: invalid #inodes: 129 vs computed 128",
                "4   | 4097       | error: bad geometry: block count 4097 exceeds size of device (4096 blocks)",
                "4   | -1         | error: bad geometry: block count 4294967295",
                "4   | 0          | error: bad geometry: first data block is 1",
                "20  | 0          | error: bad geometry: first data block is 0",
                "84  | 1          | error: bad geometry: first inode is 1",
            })
    void aSuperblockThatCannotBeIsRefusedAndNothingIsChanged(int field, String value, String message) {
        FakeDevice broken = changed(SUPERBLOCK + field, Integer.decode(value));
        byte[] before = broken.disk().clone();
        FileSystemException refusal =
                catchThrowableOfType(FileSystemException.class, () -> ToyKernel.mount(broken, false, ""));
        assertThat(refusal.errno()).isEqualTo(EINVAL);
        assertThat(refusal).hasMessageStartingWith(message);
        assertThat(broken.disk()).isEqualTo(before);
        assertThat(broken.openBuffers()).isZero();
        assertThat(broken.dirtyUnits()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0, Block bitmap for group 1",
        "4, Inode bitmap for group 1",
        "8, Inode table for group 1",
    })
    void aDescriptorThatLeadsOutOfItsGroupIsRefused(int field, String what) {
        for (int block : new int[] {0, 1, 1024, 2049, 5000, -1}) {
            FakeDevice broken = changed(2 * 1024 + 32 + field, block);
            byte[] before = broken.disk().clone();
            assertThatThrownBy(() -> ToyKernel.mount(broken, false, ""))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessage("error: ext2_check_descriptors: " + what + " not in group (block "
                            + Integer.toUnsignedString(block) + ")!");
            assertThat(broken.disk()).isEqualTo(before);
            assertThat(broken.openBuffers()).isZero();
        }
    }

    @Test
    void mapsThatLieOnEachOtherAreRefused() {
        int inodeBitmap = bytes(device.disk()).getInt(2 * 1024 + 4);
        assertThatThrownBy(() -> ToyKernel.mount(changed(2 * 1024, inodeBitmap), false, ""))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("for group 0");
    }

    @Test
    void aRootThatIsNoDirectoryIsRefused() {
        int inodeTable = bytes(device.disk()).getInt(2 * 1024 + 8);
        FakeDevice broken = changed(inodeTable * 1024 + 128, 0x81a4);
        assertThatThrownBy(() -> ToyKernel.mount(broken, false, ""))
                .isInstanceOf(FileSystemException.class)
                .hasMessage("error: corrupt root inode, run e2fsck");
        assertThat(broken.openBuffers()).isZero();
    }

    @Test
    void aDeviceThatCannotBeReadIsEio() {
        device.breakReading(SUPERBLOCK, 1024);
        assertThat(catchThrowableOfType(FileSystemException.class, () -> ToyKernel.mount(device))
                        .errno())
                .isEqualTo(EIO);
        FakeDevice second = FakeDevice.of(image);
        second.breakReading(2 * 1024, 1024);
        assertThatThrownBy(() -> ToyKernel.mount(second)).hasMessage("error: unable to read group descriptors");
        assertThat(second.openBuffers()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 512, 1024, 1536})
    void aDeviceThatIsTooSmallForASuperblockIsRefused(int size) {
        assertThat(catchThrowableOfType(
                                FileSystemException.class, () -> ToyKernel.mount(new FakeDevice(new byte[size], true)))
                        .errno())
                .isEqualTo(EINVAL);
    }

    @Test
    void blocksSmallerThanTheDevicesAreRefused() {
        device.setLogicalBlockBytes(4096);
        assertThatThrownBy(() -> ToyKernel.mount(device)).hasMessage("error: blocksize is too small");
    }

    @Test
    void aDeviceWithLargeBlocksIsMounted() {
        FakeDevice large = FakeDevice.of(HostTool.makeFileSystem(folder.resolve("large"), "-b 4096", "8M"));
        large.setLogicalBlockBytes(4096);
        ToyKernel kernel = ToyKernel.mount(large);
        assertThat(kernel.mkdir("d")).isPositive();
        kernel.unmount();
    }

    // ---- what the superblock tells

    @Test
    void aMountIsNotedAndTakenBackByUnmount() {
        int mounts = superblockShort(SuperblockField.MOUNT_COUNT);
        int freeBlocks = superblock(SuperblockField.FREE_BLOCKS_COUNT);
        int freeInodes = superblock(SuperblockField.FREE_INODES_COUNT);
        assertThat(superblockShort(SuperblockField.STATE)).isEqualTo(SuperblockField.STATE_VALID);
        ToyKernel kernel = ToyKernel.mount(device);
        assertThat(superblockShort(SuperblockField.STATE)).isZero();
        assertThat(superblockShort(SuperblockField.MOUNT_COUNT)).isEqualTo(mounts + 1);
        assertThat(superblock(SuperblockField.MOUNT_TIME)).isGreaterThan(1_714_564_800);
        assertThat(kernel.mkdir("directory")).isPositive();
        assertThat(kernel.sync()).isZero();
        assertThat(superblock(SuperblockField.FREE_BLOCKS_COUNT)).isEqualTo(freeBlocks - 1);
        assertThat(superblock(SuperblockField.FREE_INODES_COUNT)).isEqualTo(freeInodes - 1);
        assertThat(superblockShort(SuperblockField.STATE)).isZero();
        kernel.unmount();
        assertThat(superblockShort(SuperblockField.STATE)).isEqualTo(SuperblockField.STATE_VALID);
        assertThat(superblock(SuperblockField.WRITE_TIME)).isGreaterThan(superblock(SuperblockField.MOUNT_TIME));
        device.save(image);
        HostTool.assertClean(image);
    }

    @Test
    void whatWasNotUnmountedIsMountedWithAWarningAndStaysUnchecked() {
        assertThat(ToyKernel.mount(device).mkdir("d")).isPositive();
        FakeDevice after = new FakeDevice(device.disk(), true);
        ToyKernel kernel = ToyKernel.mount(after);
        assertThat(kernel.log())
                .containsExactly("EXT2-fs (ram0): warning: mounting unchecked fs, running e2fsck is recommended");
        kernel.unmount();
        assertThat(bytes(after.disk()).getShort(SUPERBLOCK + SuperblockField.STATE))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "58 | 0x10003      | mounting fs with errors",
                "52 | 0x00050007   | maximal mount count reached",
                "68 | 1            | checktime reached",
            })
    void whatShouldBeCheckedIsMountedWithAWarning(int field, String value, String message) {
        ToyKernel kernel = ToyKernel.mount(changed(SUPERBLOCK + field, Integer.decode(value)));
        assertThat(kernel.log())
                .containsExactly("EXT2-fs (ram0): warning: " + message + ", running e2fsck is recommended");
    }

    @Test
    void unknownReadOnlyFeaturesAllowReadingAndForbidRemounting() {
        FakeDevice newer = changed(
                SUPERBLOCK + SuperblockField.FEATURE_RO_COMPAT, 0x400 | superblock(SuperblockField.FEATURE_RO_COMPAT));
        ToyKernel kernel = ToyKernel.mount(newer, true, "");
        assertThat(kernel.list("")).extracting(ToyKernel.Entry::name).contains("lost+found");
        assertThat(kernel.fileSystem().remount(kernel.context(), false)).isEqualTo(-EROFS);
        assertThat(kernel.log())
                .containsExactly(
                        "EXT2-fs (ram0): warning: couldn't remount RDWR because of unsupported optional features (400)");
    }

    @Test
    void aRevisionFromTheFutureIsMountedReadOnly() {
        ToyKernel kernel = ToyKernel.mount(changed(SUPERBLOCK + SuperblockField.REVISION_LEVEL, 2));
        assertThat(kernel.request().isForcedReadOnly()).isTrue();
        assertThat(kernel.mkdir("d")).isEqualTo(-EROFS);
        assertThat(kernel.log())
                .containsExactly("EXT2-fs (ram0): error: revision level too high, forcing read-only mode");
    }

    @Test
    void anExt3WithoutItsJournalInUseIsMounted() {
        FakeDevice journaled = FakeDevice.of(HostTool.makeFileSystem(folder.resolve("ext3"), "-b 1024 -j", "8M"));
        ToyKernel kernel = ToyKernel.mount(journaled);
        assertThat(kernel.log()).containsExactly("EXT2-fs (ram0): warning: mounting ext3 filesystem as ext2");
        assertThat(kernel.mkdir("d")).isPositive();
        kernel.unmount();
        journaled.save(image);
        HostTool.assertClean(image);
    }

    @Test
    void remountingChangesBetweenReadingAndWriting() {
        ToyKernel kernel = ToyKernel.mount(device, true, "");
        assertThat(kernel.mkdir("d")).isEqualTo(-EROFS);
        assertThat(kernel.fileSystem().remount(kernel.context(), false)).isZero();
        assertThat(kernel.mkdir("d")).isPositive();
        assertThat(superblockShort(SuperblockField.STATE)).isZero();
        assertThat(kernel.fileSystem().remount(kernel.context(), true)).isZero();
        assertThat(superblockShort(SuperblockField.STATE)).isEqualTo(SuperblockField.STATE_VALID);
        assertThat(kernel.mkdir("e")).isEqualTo(-EROFS);
        kernel.unmount();
        device.save(image);
        HostTool.assertClean(image);
    }

    // ---- options

    @Test
    void theSuperblockCanBeACopy() {
        byte[] disk = device.disk().clone();
        java.util.Arrays.fill(disk, SUPERBLOCK, SUPERBLOCK + 2048, (byte) 0);
        FakeDevice broken = new FakeDevice(disk, true);
        assertThatThrownBy(() -> ToyKernel.mount(broken)).hasMessageContaining("can't find an ext2");
        ToyKernel kernel = ToyKernel.mount(broken, true, "sb=1025");
        assertThat(kernel.list("")).extracting(ToyKernel.Entry::name).contains("lost+found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sb=x", "sb", "errors=later", "foo", "resuid=-", "ro=1", "check=strict", "journal"})
    void unknownOptionsAreRefused(String options) {
        FileSystemException refusal =
                catchThrowableOfType(FileSystemException.class, () -> ToyKernel.mount(device, false, options));
        assertThat(refusal.errno()).isEqualTo(EINVAL);
        assertThat(device.openBuffers()).isZero();
    }

    @Test
    void statfsCountsAsLinuxDoes() {
        MountedFileSystem.Statistics bsd =
                ToyKernel.mount(device, true, "").fileSystem().statistics(new FakeContext());
        // Four groups of 1024: block 0, two superblocks of groups 0, 1, 3 with one block of descriptors each, two maps,
        // 4 blocks of inodes.
        int table = 128 / 4 * 128 / 1024;
        int copies = 3;
        assertThat(bsd.blocks()).isEqualTo(4096 - 1 - 2 * copies - 4L * (2 + table));
        assertThat(bsd.type()).isEqualTo(0xef53);
        assertThat(bsd.files()).isEqualTo(128);
        assertThat(bsd.freeBlocks() - bsd.availableBlocks())
                .isEqualTo(superblock(SuperblockField.RESERVED_BLOCKS_COUNT));
        MountedFileSystem.Statistics minix =
                ToyKernel.mount(device, true, "minixdf").fileSystem().statistics(new FakeContext());
        assertThat(minix.blocks()).isEqualTo(4096);
    }

    @Test
    void groupsComeFromTheDirectoryWithGrpid() {
        ToyKernel kernel = ToyKernel.mount(device, false, "grpid");
        kernel.api.fs.FileAttributes birth = ToyKernel.birth(FileMode.S_IFDIR | 0755);
        birth.group = 77;
        assertThat(kernel.make("d", birth)).isPositive();
        assertThat(kernel.attributes("d").group).isZero();
        kernel.unmount();
        ToyKernel plain = ToyKernel.mount(device);
        assertThat(plain.make("e", birth)).isPositive();
        assertThat(plain.attributes("e").group).isEqualTo(77);
    }

    @Test
    void ownersHaveSixteenBitsWithNouid32() {
        ToyKernel wide = ToyKernel.mount(device);
        kernel.api.fs.FileAttributes birth = ToyKernel.birth(FileMode.S_IFREG | 0644);
        birth.user = 70_000;
        birth.group = 80_000;
        assertThat(wide.make("f", birth)).isPositive();
        wide.dropInodes();
        assertThat(wide.attributes("f").user).isEqualTo(70_000);
        assertThat(wide.attributes("f").group).isEqualTo(80_000);
        wide.unmount();
        ToyKernel narrow = ToyKernel.mount(device, false, "nouid32");
        assertThat(narrow.attributes("f").user).isEqualTo(70_000 & 0xffff);
        assertThat(narrow.make("g", birth)).isPositive();
        narrow.dropInodes();
        assertThat(narrow.attributes("g").user).isEqualTo(65534);
    }

    // ---- errors

    private FakeDevice withDamagedDirectory() {
        ToyKernel kernel = ToyKernel.mount(device);
        assertThat(kernel.mkdir("d")).isPositive();
        long block = kernel.node("d").mapBlock(kernel.context(), 0, false);
        kernel.unmount();
        byte[] disk = device.disk().clone();
        bytes(disk).putShort((int) block * 1024 + 4, (short) 7);
        return new FakeDevice(disk, true);
    }

    @Test
    void aDamagedDirectoryIsEioAndSaidAndMarked() {
        FakeDevice damaged = withDamagedDirectory();
        ToyKernel kernel = ToyKernel.mount(damaged, false, "errors=continue");
        assertThat(kernel.create("d/f", FileMode.S_IFREG)).isEqualTo(-EIO);
        assertThat(kernel.log())
                .first()
                .asString()
                .matches("EXT2-fs \\(ram0\\): error: ext2_check_page: bad entry in directory #\\d+: "
                        + "rec_len is smaller than minimal - offset=0, inode=\\d+, rec_len=7, name_len=1");
        assertThat(bytes(damaged.disk()).getShort(SUPERBLOCK + SuperblockField.STATE))
                .isEqualTo((short) SuperblockField.STATE_ERROR);
        assertThat(kernel.mkdir("e")).as("and work goes on").isPositive();
        kernel.unmount();
        assertThat(bytes(damaged.disk()).getShort(SUPERBLOCK + SuperblockField.STATE))
                .isEqualTo((short) (SuperblockField.STATE_ERROR | SuperblockField.STATE_VALID));
    }

    @Test
    void anErrorMakesItReadOnlyWithErrorsRemountRo() {
        ToyKernel kernel = ToyKernel.mount(withDamagedDirectory(), false, "errors=remount-ro");
        assertThat(kernel.create("d/f", FileMode.S_IFREG)).isEqualTo(-EIO);
        assertThat(kernel.request().isForcedReadOnly()).isTrue();
        assertThat(kernel.mkdir("e")).isEqualTo(-EROFS);
        assertThat(kernel.log()).last().isEqualTo("EXT2-fs (ram0): error: remounting filesystem read-only");
    }

    @Test
    void anErrorStopsTheMachineWithErrorsPanic() {
        ToyKernel kernel = ToyKernel.mount(withDamagedDirectory(), false, "errors=panic");
        assertThatThrownBy(() -> kernel.create("d/f", FileMode.S_IFREG))
                .isInstanceOf(FakeMountRequest.Panic.class)
                .hasMessage("EXT2-fs: panic from previous error");
    }

    @Test
    void anInodeThatIsNotThereIsEstale() {
        ToyKernel kernel = ToyKernel.mount(device);
        for (long number : new long[] {0, 1, 5, 100, 129, -1, 1L << 40}) {
            FileSystemException stale = catchThrowableOfType(
                    FileSystemException.class, () -> kernel.fileSystem().read(kernel.context(), number));
            assertThat(stale.errno()).as("inode %d", number).isEqualTo(ESTALE);
        }
    }

    @Test
    void metadataThatCannotBeWrittenIsToldByFsync() {
        ToyKernel kernel = ToyKernel.mount(device);
        assertThat(kernel.create("f", FileMode.S_IFREG)).isPositive();
        int inodeTable = bytes(device.disk()).getInt(2 * 1024 + 8);
        device.breakWriting(inodeTable * 1024L, 4096);
        assertThat(kernel.fsync("f")).isEqualTo(-EIO);
    }

    @Test
    void noBlockIsGivenFromAGroupWhoseMapIsWrong() {
        int bitmap = bytes(device.disk()).getInt(2 * 1024);
        FakeDevice broken = changed(bitmap * 1024, 0);
        ToyKernel kernel = ToyKernel.mount(broken, false, "errors=continue");
        assertThat(kernel.create("f", FileMode.S_IFREG)).isPositive();
        assertThat(kernel.write("f", 0, new byte[100])).isZero();
        assertThat(kernel.node("f").mapBlock(kernel.context(), 0, false)).isGreaterThan(1024);
        assertThat(kernel.log())
                .isEqualTo(
                        List.of(
                                "EXT2-fs (ram0): error: ext2_valid_block_bitmap: Invalid block bitmap - block_group = 0, block = 1"));
    }
}
