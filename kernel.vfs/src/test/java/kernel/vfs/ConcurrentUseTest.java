// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.OpenFlags.*;
import static kernel.uapi.SystemCallNumber.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import kernel.core.fs.DeviceNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Is the tree still a tree when several processors change it at once? Processes are host threads here. */
class ConcurrentUseTest {
    private static final int THREADS = 4;
    private static final int STEPS = 3000;

    private final FakeHost host = new FakeHost();

    ConcurrentUseTest() {
        host.threaded = true;
        VirtualFileSystem.mountRoot(host);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Boolean.getBoolean("ubend.campaign") ? 300 : 3);
    }

    private static void runAll(List<Callable<Void>> tasks) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            for (Future<Void> result : threads.invokeAll(tasks)) {
                result.get();
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theTreeStaysWhole(long seed) throws Exception {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            FakeProcess process = host.process(thread + 1, 0);
            Random random = new Random(seed * THREADS + thread);
            tasks.add(() -> {
                for (int step = 0; step < STEPS; step++) {
                    change(process, random);
                }
                process.files().closeAll(process);
                return null;
            });
        }
        tasks.add(() -> {
            plugInAndPullOut();
            return null;
        });
        runAll(tasks);
        TreeInvariants.check(host);
        assertThat(host.root().list("/dev")).isEmpty();
    }

    private static void change(FakeProcess process, Random random) {
        String path = path(random);
        String other = path(random);
        switch (random.nextInt(10)) {
            case 0, 1 -> process.mkdir(path);
            case 2 -> process.call(RMDIR, path);
            case 3 -> process.call(UNLINK, path);
            case 4, 5 -> process.rename(path, other);
            case 6 -> process.call(LINK, path, other);
            case 7 -> {
                long fd = process.open(path, O_RDWR | O_CREAT | (random.nextBoolean() ? O_TRUNC : O_APPEND));
                if (fd >= 0) {
                    assertThat(process.write(fd, path)).isEqualTo(path.length());
                    process.close(fd);
                }
            }
            case 8 -> {
                if (process.call(CHDIR, path) == 0) {
                    process.workingDirectory();
                    process.mkdir("here");
                    process.call(RMDIR, "here");
                }
            }
            default -> {
                long fd = process.open(path, O_RDONLY | O_DIRECTORY);
                if (fd >= 0) {
                    process.call(GETDENTS64, fd, FakeProcess.BUFFER, 200);
                    process.close(fd);
                }
            }
        }
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder("/tmp");
        for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
            path.append('/').append((char) ('a' + random.nextInt(4)));
        }
        return path.toString();
    }

    private void plugInAndPullOut() {
        for (int step = 0; step < STEPS / 10; step++) {
            DeviceNode node = FakeDevices.characterDevice("bus/sensor" + step % 3, 240, step % 3);
            host.devices.plugIn(node, new NullDriver());
            host.devices.pullOut(node);
        }
    }

    @Test
    void aTargetOfRenamesIsAlwaysThere() throws Exception {
        host.root().make("/tmp/target", "0");
        FakeProcess writer = host.process(1, 0);
        FakeProcess reader = host.process(2, 0);
        runAll(List.of(
                () -> {
                    for (int i = 0; i < 5000; i++) {
                        writer.make("/tmp/new", Integer.toString(i));
                        assertThat(writer.rename("/tmp/new", "/tmp/target")).isZero();
                    }
                    return null;
                },
                () -> {
                    for (int i = 0; i < 5000; i++) {
                        assertThat(reader.content("/tmp/target")).isNotEmpty();
                    }
                    return null;
                }));
        TreeInvariants.check(host);
    }

    @Test
    void smallWritesToAPipeAreNotTornAndNoneIsLost() throws Exception {
        FakeProcess parent = host.root();
        int[] pipe = parent.pipe(0);
        int records = 3000;
        int length = 1024;
        List<Callable<Void>> tasks = new ArrayList<>();
        long[] sums = new long[2];
        for (int thread = 0; thread < 2; thread++) {
            int number = thread;
            FakeProcess writer = parent.fork(2 + thread);
            tasks.add(() -> {
                for (int i = 0; i < records; i++) {
                    assertThat(writer.write(pipe[1], ("" + (char) ('a' + number)).repeat(length)))
                            .isEqualTo(length);
                }
                writer.files().closeAll(writer);
                return null;
            });
            FakeProcess reader = parent.fork(4 + thread);
            reader.close(pipe[1]);
            tasks.add(() -> {
                String record = reader.readText(pipe[0], length);
                while (record != null) {
                    assertThat(record).isEqualTo(record.substring(0, 1).repeat(length));
                    sums[number]++;
                    record = reader.readText(pipe[0], length);
                }
                return null;
            });
        }
        parent.files().closeAll(parent);
        runAll(tasks);
        assertThat(sums[0] + sums[1]).isEqualTo(2L * records);
    }

    @Test
    void appendedRecordsAreAllThere() throws Exception {
        host.root().make("/tmp/log", "");
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int thread = 0; thread < 3; thread++) {
            FakeProcess process = host.process(thread + 1, 0);
            String record = Integer.toString(thread).repeat(9) + "\n";
            tasks.add(() -> {
                long fd = process.open("/tmp/log", O_WRONLY | O_APPEND);
                for (int i = 0; i < 1000; i++) {
                    assertThat(process.write(fd, record)).isEqualTo(10);
                }
                process.close(fd);
                return null;
            });
        }
        runAll(tasks);
        assertThat(host.root().content("/tmp/log").lines())
                .hasSize(3000)
                .allMatch(line -> line.equals(line.substring(0, 1).repeat(9)));
    }
}
