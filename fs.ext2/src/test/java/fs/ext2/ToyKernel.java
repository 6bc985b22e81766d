// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static java.nio.charset.StandardCharsets.UTF_8;
import static kernel.uapi.Errno.EEXIST;
import static kernel.uapi.Errno.EISDIR;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOTDIR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import kernel.api.fs.FileAttributes;
import kernel.api.fs.FileNode;
import kernel.api.fs.MountedFileSystem;
import kernel.uapi.FileMode;

/**
 * As much of a kernel as a file system needs: it keeps to the contract of {@code kernel.api.fs}, walks paths, keeps inodes and dirty pages of files, and
 * answers negative errnos. No names are remembered: each look goes to the file system.
 */
final class ToyKernel {
    private static final long NANOS = 1_000_000_000L;

    /** A file that is in use, and what of its data is not on the device yet. */
    private static final class Inode {
        final FileNode node;
        final Map<Long, byte[]> pages = new TreeMap<>();

        Inode(FileNode node) {
            this.node = node;
        }
    }

    /** An entry of a directory. */
    record Entry(String name, long number, int type, long nextPosition) {}

    private final FakeContext context = new FakeContext();
    private final FakeDevice device;
    private final FakeMountRequest request;
    private final MountedFileSystem fileSystem;
    private final Map<Long, Inode> inodes = new TreeMap<>();
    private final int blockBytes;

    private ToyKernel(FakeDevice device, FakeMountRequest request) {
        this.device = device;
        this.request = request;
        fileSystem = new Ext2FileSystemType().mount(context, request);
        blockBytes = fileSystem.blockBytes();
    }

    static ToyKernel mount(FakeDevice device) {
        return mount(device, false, "");
    }

    static ToyKernel mount(FakeDevice device, boolean readOnly, String options) {
        return mount(device, new FakeMountRequest(device, readOnly, options));
    }

    static ToyKernel mount(FakeDevice device, FakeMountRequest request) {
        return new ToyKernel(device, request);
    }

    FakeContext context() {
        return context;
    }

    FakeDevice device() {
        return device;
    }

    FakeMountRequest request() {
        return request;
    }

    MountedFileSystem fileSystem() {
        return fileSystem;
    }

    List<String> log() {
        return request.lines();
    }

    int blockBytes() {
        return blockBytes;
    }

    // ---- paths: names separated by slashes, the empty one is the root

    private static byte[] bytes(String name) {
        return name.getBytes(UTF_8);
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private static byte[] name(String path) {
        return bytes(path.substring(path.lastIndexOf('/') + 1));
    }

    private Inode inode(long number) {
        return inodes.computeIfAbsent(number, key -> new Inode(fileSystem.read(context, key)));
    }

    private long find(String path) {
        long number = fileSystem.rootNumber();
        for (String name : path.isEmpty() ? new String[0] : path.split("/")) {
            if (!FileMode.isDirectory(attributes(number).mode)) {
                return -ENOTDIR;
            }
            number = inode(number).node.lookup(context, bytes(name));
            if (number < 0) {
                return number;
            }
        }
        return number;
    }

    FileNode node(String path) {
        return inode(existing(path)).node;
    }

    FileNode node(long number) {
        return inode(number).node;
    }

    /** The kernel lets go of a file that has no name any more. */
    void evictIfUnused(long number) {
        if (inodes.containsKey(number)) {
            forgetUnused(number);
        }
    }

    /** Takes leave of a file system that may be damaged. */
    void abandon() {
        inodes.values().forEach(inode -> inode.node.evict(context));
        inodes.clear();
        int error = fileSystem.sync(context);
        assertThat(error).isLessThanOrEqualTo(0);
        fileSystem.unmount(context);
    }

    private long existing(String path) {
        long number = find(path);
        assertThat(number).as(path).isPositive();
        return number;
    }

    FileAttributes attributes(String path) {
        return attributes(existing(path));
    }

    private FileAttributes attributes(long number) {
        FileAttributes attributes = new FileAttributes();
        inode(number).node.readAttributes(attributes);
        return attributes;
    }

    static FileAttributes birth(int mode) {
        FileAttributes attributes = new FileAttributes();
        attributes.mode = mode;
        attributes.accessedNanos = FakeMountRequest.START_NANOS;
        attributes.modifiedNanos = FakeMountRequest.START_NANOS;
        attributes.changedNanos = FakeMountRequest.START_NANOS;
        return attributes;
    }

    // ---- names

    long create(String path, int mode) {
        return make(path, birth(mode));
    }

    long make(String path, FileAttributes attributes) {
        long there = find(path);
        if (there != -ENOENT) {
            return there > 0 ? -EEXIST : there;
        }
        return node(parent(path)).create(context, name(path), attributes);
    }

    long mkdir(String path) {
        return create(path, FileMode.S_IFDIR | 0755);
    }

    long symlink(String path, String target) {
        if (find(path) > 0) {
            return -EEXIST;
        }
        return node(parent(path)).symlink(context, name(path), bytes(target), birth(0777));
    }

    String readLink(String path) {
        return new String(node(path).readLink(context), UTF_8);
    }

    int link(String path, String newPath) {
        if (find(newPath) > 0) {
            return -EEXIST;
        }
        return node(parent(newPath)).link(context, name(newPath), node(path));
    }

    int unlink(String path) {
        long number = find(path);
        if (number < 0) {
            return (int) number;
        }
        int error = node(parent(path)).unlink(context, name(path), inode(number).node);
        forgetUnused(number);
        return error;
    }

    int rmdir(String path) {
        long number = find(path);
        if (number < 0) {
            return (int) number;
        }
        int error = node(parent(path)).rmdir(context, name(path), inode(number).node);
        forgetUnused(number);
        return error;
    }

    int rename(String path, String newPath) {
        long number = find(path);
        long replaced = find(newPath);
        if (number < 0) {
            return (int) number;
        }
        int error = node(parent(path))
                .rename(
                        context,
                        name(path),
                        inode(number).node,
                        node(parent(newPath)),
                        name(newPath),
                        replaced > 0 ? inode(replaced).node : null);
        if (replaced > 0) {
            forgetUnused(replaced);
        }
        return error;
    }

    private void forgetUnused(long number) {
        if (attributes(number).links == 0) {
            inodes.remove(number).node.evict(context);
        }
    }

    /** Nobody uses any file: all are read again when they are needed. */
    void dropInodes() {
        writePages();
        inodes.values().forEach(inode -> inode.node.evict(context));
        inodes.clear();
    }

    List<Entry> list(String path) {
        List<Entry> entries = new ArrayList<>();
        int error = node(path).list(context, 0, (bytes, offset, length, number, type, next) -> {
            entries.add(new Entry(new String(bytes, offset, length, UTF_8), number, type, next));
            return true;
        });
        assertThat(error).isZero();
        return entries;
    }

    // ---- data

    /** 0 or a negative errno. */
    int write(String path, long position, byte[] from) {
        long number = existing(path);
        FileAttributes attributes = attributes(number);
        if (FileMode.isDirectory(attributes.mode)) {
            return -EISDIR;
        }
        Inode inode = inode(number);
        int done = 0;
        long error = 0;
        while (done < from.length && error == 0) {
            long index = (position + done) / blockBytes;
            int offset = (int) ((position + done) % blockBytes);
            int length = Math.min(from.length - done, blockBytes - offset);
            long block = inode.node.mapBlock(context, index, true);
            if (block <= 0) {
                error = block;
            } else {
                byte[] page = inode.pages.get(index);
                if (page == null) {
                    page = inode.node.wasNew() ? new byte[blockBytes] : device.readData(block * blockBytes, blockBytes);
                    inode.pages.put(index, page);
                }
                System.arraycopy(from, done, page, offset, length);
                done += length;
            }
        }
        if (position + done > attributes.sizeBytes && done > 0) {
            assertThat(inode.node.resize(context, position + done)).isZero();
        } else if (error != 0) {
            // What was mapped behind the end for nothing goes back.
            assertThat(inode.node.resize(context, attributes.sizeBytes)).isZero();
        }
        return (int) error;
    }

    int truncate(String path, long size) {
        Inode inode = inode(existing(path));
        long old = attributes(path).sizeBytes;
        if (size < old) {
            inode.pages.keySet().removeIf(index -> index * blockBytes >= size);
            long last = size / blockBytes;
            int kept = (int) (size % blockBytes);
            long block = kept == 0 ? 0 : inode.node.mapBlock(context, last, false);
            if (block > 0) {
                byte[] page = inode.pages.computeIfAbsent(last, _ -> device.readData(block * blockBytes, blockBytes));
                java.util.Arrays.fill(page, kept, blockBytes, (byte) 0);
            }
        }
        return inode.node.resize(context, size);
    }

    byte[] read(String path, long position, int length) {
        Inode inode = inode(existing(path));
        long size = attributes(path).sizeBytes;
        byte[] to = new byte[(int) Math.max(0, Math.min(length, size - position))];
        int done = 0;
        while (done < to.length) {
            long index = (position + done) / blockBytes;
            int offset = (int) ((position + done) % blockBytes);
            int count = Math.min(to.length - done, blockBytes - offset);
            byte[] page = inode.pages.get(index);
            if (page == null) {
                long block = inode.node.mapBlock(context, index, false);
                assertThat(block).isNotNegative();
                page = block == 0 ? new byte[blockBytes] : device.readData(block * blockBytes, blockBytes);
            }
            System.arraycopy(page, offset, to, done, count);
            done += count;
        }
        return to;
    }

    byte[] read(String path) {
        return read(path, 0, Math.toIntExact(attributes(path).sizeBytes));
    }

    /** A regular file's bytes, or null when there is none of that name. */
    byte[] readIfThere(String path) {
        return find(path) > 0 && FileMode.isRegular(attributes(path).mode) ? read(path) : null;
    }

    /** Some of the file data and some of the buffers go to the device, in any order. */
    void writeSome(Random random) {
        for (Inode inode : inodes.values()) {
            if (random.nextInt(4) == 0) {
                writePages(inode);
            }
        }
        device.writeSome(random, blockBytes);
    }

    private void writePages() {
        inodes.values().forEach(this::writePages);
    }

    private void writePages(Inode inode) {
        inode.pages.forEach((index, page) -> {
            long block = inode.node.mapBlock(context, index, false);
            assertThat(block).isPositive();
            device.writeData(block * blockBytes, page);
        });
        inode.pages.clear();
    }

    int fsync(String path) {
        Inode inode = inode(existing(path));
        writePages(inode);
        int error = inode.node.writeInode(context, true);
        return error < 0 ? error : device.flush(context);
    }

    int sync() {
        writePages();
        int error = fileSystem.sync(context);
        int second = device.buffers(blockBytes).sync(context);
        device.flush(context);
        return error < 0 ? error : second;
    }

    /** Takes leave; everything is on the device then, and nothing is held. */
    void unmount() {
        dropInodes();
        fileSystem.unmount(context);
        device.buffers(blockBytes).sync(context);
        device.flush(context);
        assertThat(device.openBuffers()).as("buffers held").isZero();
        assertThat(request.isUnlocked()).as("mutexes free").isTrue();
        assertThat(device.dirtyUnits()).isZero();
    }

    static long nanos(long seconds) {
        return seconds * NANOS;
    }
}
