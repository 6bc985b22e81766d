// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.OpenFlags.*;
import static kernel.uapi.SystemCallNumber.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Do random changes of names give the answers, and leave the tree, of a model that is nothing but maps? */
class RandomOperationsTest {
    private static final int STEPS = 2000;
    private static final String[] NAMES = {"a", "b", "c", "d"};

    private final FakeHost host = FakeHost.booted();
    private final FakeProcess root = host.root();
    private final ModelTree model = new ModelTree();

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Boolean.getBoolean("ubend.campaign") ? 1000 : 10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void answersAndTreeAreThoseOfTheModel(long seed) {
        Random random = new Random(seed);
        root.mkdir("/tmp/top");
        for (int step = 0; step < STEPS; step++) {
            String path = path(random);
            String other = path(random);
            int operation = random.nextInt(9);
            long answer = perform(operation, "/tmp/top" + path, "/tmp/top" + other, other);
            assertThat(answer)
                    .as("step %d: operation %d of %s and %s", step, operation, path, other)
                    .isEqualTo(expected(operation, path, other));
            if (step % 50 == 0) {
                assertThat(describe("/tmp/top")).as("after step %d", step).isEqualTo(model.describe());
            }
        }
        assertThat(describe("/tmp/top")).isEqualTo(model.describe());
        assertThat(root.openFiles()).isZero();
        TreeInvariants.check(host);
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder();
        for (int depth = 1 + random.nextInt(4); depth > 0; depth--) {
            path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
        }
        return path.toString();
    }

    private long perform(int operation, String path, String other, String text) {
        return switch (operation) {
            case 0, 1 -> root.mkdir(path);
            case 2 -> root.call(RMDIR, path);
            case 3 -> root.call(UNLINK, path);
            case 4, 5 -> root.rename(path, other);
            case 6 -> root.call(LINK, path, other);
            case 7 -> write(path, text, O_WRONLY | O_CREAT | O_APPEND);
            default -> write(path, text, O_WRONLY | O_CREAT | O_EXCL);
        };
    }

    private long expected(int operation, String path, String other) {
        return switch (operation) {
            case 0, 1 -> model.makeDirectory(path);
            case 2 -> model.removeDirectory(path);
            case 3 -> model.unlink(path);
            case 4, 5 -> model.rename(path, other);
            case 6 -> model.link(path, other);
            case 7 -> model.append(path, other, false);
            default -> model.append(path, other, true);
        };
    }

    private long write(String path, String text, int flags) {
        long fd = root.open(path, flags);
        if (fd < 0) {
            return fd;
        }
        long count = root.write(fd, text);
        root.close(fd);
        return count;
    }

    private String describe(String path) {
        StringBuilder text = new StringBuilder();
        root.list(path).stream().sorted().forEach(name -> {
            String below = path + "/" + name;
            boolean isDirectory =
                    kernel.uapi.FileMode.isDirectory(root.stat(below).mode());
            String content = isDirectory ? "{" + describe(below) + "}" : root.content(below);
            text.append(name).append('=').append(content).append(' ');
        });
        return text.toString();
    }
}
