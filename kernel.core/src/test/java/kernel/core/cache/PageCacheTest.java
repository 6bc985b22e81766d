// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENOSPC;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import kernel.api.block.BlockBuffer;
import kernel.api.block.BlockBuffers;
import kernel.api.context.ProcessContext;
import kernel.core.Kernel;
import kernel.core.KernelConfig;
import kernel.core.schedule.ExploringSchedule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Is what is read what was written, when does the disk see it, and how much does it see at once? */
class PageCacheTest {
    private static final int PAGE = 4096;
    private static final long SECOND = 1_000_000_000L;

    private Kernel kernel = new Kernel(KernelConfig.deterministic(1));
    private MemoryDisk disk;
    private TestFile file;

    private void boot(KernelConfig config) {
        kernel.close();
        kernel = new Kernel(config);
    }

    private void useDisk(int logicalBlockBytes, int blockBytes, Random shuffle) {
        disk = new MemoryDisk(kernel, 16384, logicalBlockBytes, 7);
        file = new TestFile(
                kernel, disk, blockBytes, 64, 6 << 20 >> Integer.numberOfTrailingZeros(blockBytes), shuffle);
    }

    private long call(ToLongFunction<ProcessContext> code) {
        return kernel.<Long>call("test", code::applyAsLong);
    }

    private void run(Consumer<ProcessContext> code) {
        kernel.call("test", context -> {
            code.accept(context);
            return null;
        });
    }

    @AfterEach
    void nothingIsLost() {
        kernel.close();
        assertThat(kernel.taint().mask()).as(kernel.log().text()).isZero();
    }

    private static byte[] pattern(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aSequentialReaderGetsLargeTransfersAheadOfIt() {
        useDisk(512, 4096, null);
        byte[] content = pattern(1 << 20, 3);
        call(context -> file.write(context, content, 0, content.length, 0));
        call(context -> file.mapping.writeAndWait(context));
        run(context -> {
            file.mapping.discard(context);
        });
        disk.transfers.clear();
        byte[] read = new byte[content.length];
        run(context -> {
            ReadAhead readAhead = new ReadAhead();
            byte[] piece = new byte[PAGE];
            for (int at = 0; at < content.length; at += PAGE) {
                assertThat(file.read(context, readAhead, piece, PAGE, at)).isEqualTo(PAGE);
                System.arraycopy(piece, 0, read, at, PAGE);
            }
        });
        assertThat(read).isEqualTo(content);
        assertThat(disk.transfers).startsWith("READ 512+32", "READ 544+64", "READ 608+128", "READ 736+256");
        assertThat(disk.transfers).hasSizeLessThan(14);
    }

    @Test
    void aRandomReaderGetsWhatItAsksForOnly() {
        useDisk(512, 4096, null);
        call(context -> file.write(context, pattern(1 << 20, 3), 0, 1 << 20, 0));
        call(context -> file.mapping.writeAndWait(context));
        run(context -> {
            file.mapping.discard(context);
        });
        disk.transfers.clear();
        run(context -> {
            ReadAhead readAhead = new ReadAhead();
            for (int page : new int[] {200, 17, 90, 140}) {
                file.read(context, readAhead, new byte[PAGE], PAGE, (long) page * PAGE);
            }
        });
        assertThat(disk.transfers).containsExactly("READ 2112+8", "READ 648+8", "READ 1232+8", "READ 1632+8");
    }

    @Test
    void writesAreGatheredAndWrittenAfterAWhile() {
        useDisk(512, 4096, null);
        byte[] content = pattern(1 << 20, 5);
        call(context -> file.write(context, content, 0, content.length, 0));
        assertThat(disk.transfers).isEmpty();
        assertThat(kernel.pageCache().dirtyPages()).isEqualTo(256);
        kernel.runFor(29 * SECOND);
        assertThat(disk.transfers).isEmpty();
        kernel.runFor(7 * SECOND);
        assertThat(disk.transfers).containsExactly("WRITE 512+2048");
        assertThat(kernel.pageCache().dirtyPages()).isZero();
        assertThat(kernel.pageCache().writebackPages()).isZero();
        assertThat(file.stored()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2048, 4096})
    void aPartOfABlockIsWrittenIntoWhatIsOnTheDisk(int blockBytes) {
        useDisk(512, blockBytes, new Random(1));
        byte[] content = pattern(3 * PAGE + 100, 6);
        call(context -> file.write(context, content, 0, content.length, 0));
        call(context -> file.mapping.writeAndWait(context));
        run(context -> {
            file.mapping.discard(context);
        });
        byte[] word = {1, 2, 3, 4, 5};
        System.arraycopy(word, 0, content, PAGE + 1022, word.length);
        call(context -> file.write(context, word, 0, word.length, PAGE + 1022));
        disk.transfers.clear();
        call(context -> file.mapping.writeAndWait(context));
        assertThat(file.stored()).isEqualTo(content);
        long sectors = disk.transfers.stream()
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('+') + 1)))
                .sum();
        assertThat(sectors * 512).isEqualTo(blockBytes >= 2048 ? blockBytes : 2 * blockBytes);
    }

    @Test
    void whatLiesBetweenTheOldEndAndAWriteBehindItIsZero() {
        useDisk(512, 1024, new Random(2));
        byte[] first = pattern(1500, 1);
        byte[] second = pattern(300, 2);
        call(context -> file.write(context, first, 0, first.length, 0));
        call(context -> file.mapping.writeAndWait(context));
        run(context -> {
            file.mapping.discard(context);
        });
        call(context -> file.write(context, second, 0, second.length, 3 * PAGE + 700));
        byte[] expected = new byte[3 * PAGE + 1000];
        System.arraycopy(first, 0, expected, 0, first.length);
        System.arraycopy(second, 0, expected, 3 * PAGE + 700, second.length);
        call(context -> file.mapping.writeAndWait(context));
        assertThat(file.stored()).isEqualTo(expected);
        assertThat(file.places).hasSize(3);
        byte[] read = new byte[expected.length];
        assertThat(call(context -> file.read(context, new ReadAhead(), read, read.length, 0)))
                .isEqualTo(read.length);
        assertThat(read).isEqualTo(expected);
    }

    @Test
    void aFullDiskIsToldToTheWriter() {
        useDisk(512, 4096, null);
        while (file.free.size() > 2) {
            file.free.removeLast();
        }
        byte[] content = pattern(4 * PAGE, 1);
        assertThat(call(context -> file.write(context, content, 0, content.length, 0)))
                .isEqualTo(2 * PAGE);
        assertThat(call(context -> file.write(context, content, 0, PAGE, 2 * PAGE)))
                .isEqualTo(-ENOSPC);
        assertThat(file.size).isEqualTo(2 * PAGE);
    }

    @Test
    void anErrorOfWritingBackIsToldOnceToEachOpenFile() {
        useDisk(512, 4096, null);
        ErrorSequence errors = file.mapping.errors();
        long first = errors.sample();
        disk.badSector = sector -> sector == 512;
        call(context -> file.write(context, pattern(PAGE, 1), 0, PAGE, 0));
        assertThat(call(context -> file.mapping.writeAndWait(context))).isEqualTo(-EIO);
        assertThat(file.mapping.isDirty()).isFalse();
        assertThat(call(context -> file.mapping.writeAndWait(context))).isZero();
        // Nobody has asked yet: one who opens the file now is told as well.
        long late = errors.sample();
        assertThat(errors.check(late)).isEqualTo(-EIO);
        assertThat(errors.check(first)).isEqualTo(-EIO);
        first = errors.current();
        assertThat(errors.check(first)).isZero();
        assertThat(errors.check(errors.sample())).isZero();
    }

    @Test
    void anErrorOfReadingIsTheReadersAndTheNextOneTriesAgain() {
        useDisk(512, 4096, null);
        byte[] content = pattern(PAGE, 1);
        call(context -> file.write(context, content, 0, PAGE, 0));
        call(context -> file.mapping.writeAndWait(context));
        run(context -> {
            file.mapping.discard(context);
        });
        disk.badSector = sector -> true;
        assertThat(call(context -> file.read(context, new ReadAhead(), new byte[PAGE], PAGE, 0)))
                .isEqualTo(-EIO);
        disk.badSector = sector -> false;
        byte[] read = new byte[PAGE];
        assertThat(call(context -> file.read(context, new ReadAhead(), read, PAGE, 0)))
                .isEqualTo(PAGE);
        assertThat(read).isEqualTo(content);
    }

    @Test
    void aSmallMachineReadsALargeFile() {
        boot(KernelConfig.deterministic(1).withMemoryBytes(4 << 20));
        useDisk(512, 4096, new Random(4));
        byte[] content = pattern(5 << 20, 9);
        assertThat(call(context -> file.write(context, content, 0, content.length, 0)))
                .isEqualTo(content.length);
        byte[] read = new byte[content.length];
        assertThat(call(context -> file.read(context, new ReadAhead(), read, read.length, 0)))
                .isEqualTo(read.length);
        assertThat(Arrays.equals(read, content)).isTrue();
        assertThat(kernel.pageCache().cachedPages()).isLessThan(kernel.pages().totalPages());
        // Everybody else finds memory, too.
        long frame = kernel.pages().allocate(4);
        assertThat(frame).isPositive();
    }

    @Test
    void writersWaitWhileTooMuchIsDirty() {
        boot(KernelConfig.deterministic(1).withMemoryBytes(16 << 20));
        useDisk(512, 4096, null);
        long[] most = new long[1];
        run(context -> {
            byte[] content = pattern(PAGE, 1);
            for (int page = 0; page < 1200; page++) {
                file.write(context, content, 0, PAGE, (long) page * PAGE);
                most[0] = Math.max(
                        most[0],
                        kernel.pageCache().dirtyPages() + kernel.pageCache().writebackPages());
            }
        });
        assertThat(most[0]).isBetween(300L, kernel.pages().totalPages() / 5);
    }

    @Test
    void blocksOfADeviceShareAPageWithoutDisturbingEachOther() {
        useDisk(512, 1024, null);
        BlockBuffers buffers = disk.buffers(1024);
        byte[] before = disk.bytes.clone();
        run(context -> {
            try (BlockBuffer block = buffers.create(context, 5)) {
                block.putInt(0, 0x01020304);
                block.markDirty();
            }
        });
        // The neighbours in that page are somebody else's, who writes past the cache.
        disk.bytes[4 * 1024] = 77;
        before[4 * 1024] = 77;
        assertThat(call(context -> buffers.sync(context))).isZero();
        Arrays.fill(before, 5 * 1024, 6 * 1024, (byte) 0);
        System.arraycopy(new byte[] {4, 3, 2, 1}, 0, before, 5 * 1024, 4);
        assertThat(Arrays.equals(disk.bytes, before)).isTrue();
        assertThat(disk.transfers).containsExactly("WRITE 10+2");
        run(context -> {
            try (BlockBuffer block = buffers.read(context, 4)) {
                assertThat(block.get(0)).isEqualTo((byte) 77);
            }
        });
    }

    @Test
    void aForgottenBlockIsNotWritten() {
        useDisk(512, 1024, null);
        BlockBuffers buffers = disk.buffers(1024);
        run(context -> {
            try (BlockBuffer block = buffers.create(context, 5)) {
                block.markDirty();
            }
            buffers.forget(context, 5);
        });
        assertThat(call(context -> buffers.sync(context))).isZero();
        assertThat(disk.transfers).isEmpty();
        assertThat(kernel.pageCache().dirtyPages()).isZero();
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Boolean.getBoolean("ubend.campaign") ? 500 : 12);
    }

    /** Random reads, writes and cuts of one file against an array, with background writing, little memory and several block sizes. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aFileIsWhatItsArrayIs(long seed) {
        Random random = new Random(seed);
        boot(KernelConfig.deterministic(seed).withMemoryBytes(4 << 20));
        useDisk(512, 512 << random.nextInt(4), new Random(seed));
        byte[] model = new byte[2 << 20];
        run(context -> {
            ReadAhead readAhead = new ReadAhead();
            for (int step = 0; step < 300; step++) {
                int position = random.nextInt(random.nextBoolean() ? 40_000 : 1 << 20);
                int length = 1 + random.nextInt(random.nextBoolean() ? 5_000 : 60_000);
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> {
                        byte[] bytes = pattern(length, step);
                        assertThat(file.write(context, bytes, 0, length, position))
                                .isEqualTo(length);
                        System.arraycopy(bytes, 0, model, position, length);
                    }
                    case 3 -> {
                        int size = (int) file.size;
                        assertThat(file.resize(context, position)).isZero();
                        if (position < size) {
                            Arrays.fill(model, position, size, (byte) 0);
                        }
                    }
                    case 4 -> {
                        assertThat(file.mapping.writeAndWait(context)).isZero();
                        assertThat(Arrays.equals(file.stored(), 0, (int) file.size, model, 0, (int) file.size))
                                .isTrue();
                    }
                    case 5 -> context.sleep(random.nextInt(20) * SECOND);
                    default -> {
                        byte[] read = new byte[length];
                        long count = file.read(context, readAhead, read, length, position);
                        int expected = (int) Math.max(0, Math.min(length, file.size - position));
                        assertThat(count).isEqualTo(expected);
                        assertThat(Arrays.equals(read, 0, expected, model, position, position + expected))
                                .as("step %d: %d bytes at %d", step, length, position)
                                .isTrue();
                    }
                }
            }
            assertThat(file.mapping.writeAndWait(context)).isZero();
            file.mapping.discard(context);
        });
        assertThat(Arrays.equals(file.stored(), 0, (int) file.size, model, 0, (int) file.size))
                .isTrue();
        assertThat(kernel.pageCache().cachedPages()).isZero();
        assertThat(kernel.pageCache().dirtyPages()).isZero();
        assertThat(kernel.pageCache().writebackPages()).isZero();
    }

    /** Readers, a writer, somebody who syncs and somebody who drops caches, under schedules that look for races: no read sees anything but a whole version. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("explorations")
    void readersSeeWhatWasWritten(long seed) {
        boot(KernelConfig.deterministic(seed)
                .withMemoryBytes(4 << 20)
                .withCpus(3)
                .withSchedule(ExploringSchedule::new));
        useDisk(512, 1024, new Random(seed));
        int[] written = new int[4];
        int[] running = {4};
        byte[] zero = new byte[4 * PAGE];
        call(context -> file.write(context, zero, 0, zero.length, 0));
        kernel.execution().startKernelThread("writer", task -> {
            for (int version = 1; version <= 6; version++) {
                for (int page = 0; page < 4; page++) {
                    byte[] bytes = new byte[1024];
                    Arrays.fill(bytes, (byte) version);
                    assertThat(file.write(task, bytes, 0, 1024, (long) page * PAGE + 512))
                            .isEqualTo(1024);
                    written[page] = version;
                }
            }
            running[0]--;
        });
        kernel.execution().startKernelThread("syncer", task -> {
            for (int i = 0; i < 6; i++) {
                assertThat(file.mapping.writeAndWait(task)).isZero();
            }
            running[0]--;
        });
        kernel.execution().startKernelThread("dropper", task -> {
            for (int i = 0; i < 6; i++) {
                kernel.pageCache().dropCaches(task);
                file.mapping.invalidate(task, 0, Long.MAX_VALUE);
            }
            running[0]--;
        });
        kernel.execution().startKernelThread("reader", task -> {
            byte[] read = new byte[PAGE];
            for (int i = 0; i < 12; i++) {
                int page = i % 4;
                int atLeast = written[page];
                assertThat(file.read(task, new ReadAhead(), read, PAGE, (long) page * PAGE))
                        .isEqualTo(PAGE);
                assertThat((int) read[600]).isGreaterThanOrEqualTo(atLeast);
                assertThat(read[100]).isZero();
            }
            running[0]--;
        });
        assertThat(kernel.run(() -> running[0] == 0)).as(kernel.log().text()).isTrue();
        call(context -> file.mapping.writeAndWait(context));
        assertThat(file.stored()[600]).isEqualTo((byte) 6);
    }

    static LongStream explorations() {
        return LongStream.rangeClosed(1, Boolean.getBoolean("ubend.campaign") ? 5000 : 100);
    }
}
