// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.ENOSPC;
import static kernel.uapi.Errno.ENOTEMPTY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import kernel.uapi.FileMode;

/** Does this and that in a file system, and the same in a model of it. What happens is the seed's choice. */
class RandomWorkload {
    private static final int DEPTH_MAX = 4;

    private final Random random;
    private final ToyKernel kernel;
    private final ModelFiles model;
    private final int fileBytesMax;
    private int names;

    RandomWorkload(long seed, ToyKernel kernel, ModelFiles model, int fileBytesMax) {
        random = new Random(seed);
        this.kernel = kernel;
        this.model = model;
        this.fileBytesMax = fileBytesMax;
    }

    Random random() {
        return random;
    }

    ToyKernel kernel() {
        return kernel;
    }

    ModelFiles model() {
        return model;
    }

    // ---- what a test that follows the files wants to know, before it happens

    void willChange(ModelFiles.Content content) {}

    void willUnlink(String path, ModelFiles.Content content) {}

    void willLink(ModelFiles.Content content, String newPath) {}

    void willMove(String path, String newPath) {}

    /** One operation. Only what there is no room for may fail. */
    void step() {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> create();
            case 4, 5, 6, 7, 8 -> write();
            case 9, 10 -> truncate();
            case 11, 12 -> unlink();
            case 13 -> mkdir();
            case 14 -> rmdir();
            case 15, 16 -> rename();
            case 17 -> link();
            case 18 -> symlink();
            default -> kernel.dropInodes();
        }
    }

    private String newPath() {
        List<String> directories = model.paths(ModelFiles.DIRECTORY);
        directories.add("");
        String directory = directories.get(random.nextInt(directories.size()));
        while (directory.chars().filter(c -> c == '/').count() >= DEPTH_MAX) {
            directory = directory.substring(0, directory.lastIndexOf('/'));
        }
        int length = random.nextInt(10) == 0 ? 100 + random.nextInt(155) : random.nextInt(20);
        String name = "n" + names++ + "x".repeat(Math.max(0, length - 8));
        return directory.isEmpty() ? name : directory + "/" + name;
    }

    private String pick(Object kind) {
        List<String> paths = model.paths(kind);
        return paths.isEmpty() ? null : paths.get(random.nextInt(paths.size()));
    }

    private void create() {
        String path = newPath();
        if (hadRoom(kernel.create(path, FileMode.S_IFREG | 0644))) {
            model.entries().put(path, new ModelFiles.Content());
        }
    }

    private void write() {
        String path = pick(ModelFiles.Content.class);
        if (path == null) {
            return;
        }
        ModelFiles.Content content = (ModelFiles.Content) model.get(path);
        int length = content.bytes.length;
        long position = switch (random.nextInt(4)) {
            case 0 -> length;
            case 1 -> random.nextInt(fileBytesMax);
            default -> length == 0 ? 0 : random.nextInt(length);
        };
        byte[] bytes = new byte[1 + random.nextInt(random.nextInt(5) == 0 ? 40_000 : 3_000)];
        random.nextBytes(bytes);
        willChange(content);
        written(path, content, position, bytes, kernel.write(path, position, bytes));
    }

    private void written(String path, ModelFiles.Content content, long position, byte[] bytes, int error) {
        if (hadRoom(error)) {
            content.write(position, bytes);
            return;
        }
        // A part may have been written: that, and nothing else.
        int size = Math.toIntExact(kernel.attributes(path).sizeBytes);
        byte[] now = kernel.read(path);
        ModelFiles.Content whole = new ModelFiles.Content();
        whole.bytes = content.bytes.clone();
        whole.write(position, bytes);
        assertThat(size).isBetween(content.bytes.length, whole.bytes.length);
        for (int i = 0; i < size; i++) {
            boolean old = i < content.bytes.length && now[i] == content.bytes[i];
            assertThat(old || now[i] == whole.bytes[i]).isTrue();
        }
        content.bytes = now;
    }

    private void truncate() {
        String path = pick(ModelFiles.Content.class);
        if (path == null) {
            return;
        }
        ModelFiles.Content content = (ModelFiles.Content) model.get(path);
        int size = random.nextInt(3) == 0 ? 0 : random.nextInt(Math.max(1, 2 * content.bytes.length));
        willChange(content);
        assertThat(kernel.truncate(path, size)).isZero();
        content.bytes = java.util.Arrays.copyOf(content.bytes, size);
    }

    private void unlink() {
        String path = pick(random.nextInt(6) == 0 ? String.class : ModelFiles.Content.class);
        if (path != null) {
            if (model.get(path) instanceof ModelFiles.Content content) {
                willUnlink(path, content);
            }
            assertThat(kernel.unlink(path)).isZero();
            if (model.entries().remove(path) instanceof ModelFiles.Content content) {
                content.names--;
            }
        }
    }

    private void mkdir() {
        String path = newPath();
        if (hadRoom(kernel.mkdir(path))) {
            model.entries().put(path, ModelFiles.DIRECTORY);
        }
    }

    private void rmdir() {
        String path = pick(ModelFiles.DIRECTORY);
        if (path == null) {
            return;
        }
        if (model.isEmptyDirectory(path)) {
            assertThat(kernel.rmdir(path)).isZero();
            model.entries().remove(path);
        } else {
            assertThat(kernel.rmdir(path)).isEqualTo(-ENOTEMPTY);
        }
    }

    private void rename() {
        Object kind = random.nextInt(4) == 0 ? ModelFiles.DIRECTORY : ModelFiles.Content.class;
        String path = pick(kind);
        String target = random.nextInt(3) == 0 ? pick(kind) : newPath();
        if (path == null || target == null || target.equals(path) || (target + "/").startsWith(path + "/")) {
            return;
        }
        Object replaced = model.get(target);
        if (replaced instanceof ModelFiles.Content && replaced == model.get(path)) {
            return; // Two names of one file: the kernel does nothing.
        }
        if (replaced == ModelFiles.DIRECTORY && !model.isEmptyDirectory(target)) {
            assertThat(kernel.rename(path, target)).isEqualTo(-ENOTEMPTY);
            return;
        }
        if (replaced instanceof ModelFiles.Content content) {
            willUnlink(target, content);
        }
        willMove(path, target);
        if (hadRoom(kernel.rename(path, target))) {
            if (replaced instanceof ModelFiles.Content content) {
                content.names--;
            }
            model.entries().remove(target);
            model.move(path, target);
        }
    }

    private void link() {
        String path = pick(ModelFiles.Content.class);
        String other = newPath();
        if (path == null) {
            return;
        }
        ModelFiles.Content content = (ModelFiles.Content) model.get(path);
        willLink(content, other);
        if (hadRoom(kernel.link(path, other))) {
            content.names++;
            model.entries().put(other, content);
        }
    }

    private void symlink() {
        String path = newPath();
        String target = "t".repeat(1 + random.nextInt(random.nextBoolean() ? 58 : 900));
        if (hadRoom(kernel.symlink(path, target))) {
            model.entries().put(path, target);
        }
    }

    private static boolean hadRoom(long result) {
        assertThat(result)
                .satisfiesAnyOf(
                        ok -> assertThat(ok).isNotNegative(),
                        none -> assertThat(none).isEqualTo(-ENOSPC));
        return result >= 0;
    }
}
