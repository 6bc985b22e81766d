// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.OpenFlags.*;
import static kernel.uapi.Seek.*;
import static kernel.uapi.SystemCallNumber.*;
import static kernel.vfs.FakeProcess.BUFFER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import kernel.uapi.Errno;
import kernel.uapi.FileMode;
import kernel.vfs.FakeProcess.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Does getdents64 show each entry once, in how many pieces soever and whatever happens in between? */
class DirectoryListingTest {
    private final FakeHost host = FakeHost.booted();
    private final FakeProcess root = host.root();

    private static List<String> names(List<Entry> entries) {
        return entries.stream().map(Entry::name).toList();
    }

    private List<String> rest(long fd, int size) {
        List<String> names = new ArrayList<>();
        for (List<Entry> some = root.entries(fd, size); !some.isEmpty(); some = root.entries(fd, size)) {
            names.addAll(names(some));
        }
        return names;
    }

    @Test
    void entriesHaveNumberTypeAndTheTwoThatAreAlwaysThere() {
        root.mkdir("/tmp/a");
        root.make("/tmp/a/file", "");
        root.mkdir("/tmp/a/dir");
        root.symlink("x", "/tmp/a/link");
        root.call(MKNOD, "/tmp/a/fifo", FileMode.S_IFIFO | 0666, 0);
        root.call(MKNOD, "/tmp/a/chr", FileMode.S_IFCHR | 0666, 259);
        root.call(MKNOD, "/tmp/a/blk", FileMode.S_IFBLK | 0666, 259);
        root.call(MKNOD, "/tmp/a/sock", FileMode.S_IFSOCK | 0666, 0);

        List<Entry> entries = root.entries(root.open("/tmp/a", O_RDONLY), 1000);

        assertThat(entries)
                .extracting(entry -> entry.name() + " " + entry.type())
                .containsExactly(". 4", ".. 4", "sock 12", "blk 6", "chr 2", "fifo 1", "link 10", "dir 4", "file 8");
        for (Entry entry : entries) {
            assertThat(entry.inode())
                    .isEqualTo(root.lstat("/tmp/a/" + entry.name()).inode());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 32, 48, 100, 1000, 40_000})
    void aListingInPiecesIsComplete(int size) {
        root.mkdir("/tmp/a");
        List<String> names = new ArrayList<>(List.of(".", ".."));
        for (int i = 99; i >= 0; i--) {
            names.add("f" + i);
        }
        for (int i = 0; i < 100; i++) {
            root.make("/tmp/a/f" + i, "");
        }
        assertThat(rest(root.open("/tmp/a", O_RDONLY), size)).isEqualTo(names);
    }

    @Test
    void anEntryThatDoesNotFitIsRefusedAndStaysNext() {
        root.mkdir("/tmp/a");
        root.make("/tmp/a/" + "n".repeat(255), "");
        long fd = root.open("/tmp/a", O_RDONLY);
        assertThat(names(root.entries(fd, 280))).containsExactly(".", "..");
        assertThat(root.call(GETDENTS64, fd, BUFFER, 279)).isEqualTo(-Errno.EINVAL);
        assertThat(names(root.entries(fd, 280))).containsExactly("n".repeat(255));
        assertThat(root.entries(fd, 280)).isEmpty();
    }

    @Test
    void whatComesAndGoesMeanwhileDisturbsNobodyElse() {
        root.mkdir("/tmp/a");
        IntStream.range(0, 10).forEach(i -> root.make("/tmp/a/f" + i, ""));
        long fd = root.open("/tmp/a", O_RDONLY);
        assertThat(names(root.entries(fd, 24 * 5))).containsExactly(".", "..", "f9", "f8", "f7");
        root.call(UNLINK, "/tmp/a/f7");
        root.call(UNLINK, "/tmp/a/f6");
        root.call(UNLINK, "/tmp/a/f9");
        root.make("/tmp/a/new", "");
        assertThat(rest(fd, 48)).containsExactly("f5", "f4", "f3", "f2", "f1", "f0");
    }

    @Test
    void renamingEachFileThatIsShownComesToAnEnd() {
        root.mkdir("/tmp/a");
        IntStream.range(0, 10).forEach(i -> root.make("/tmp/a/f" + i, ""));
        long fd = root.open("/tmp/a", O_RDONLY);
        int shown = 0;
        for (List<Entry> some = root.entries(fd, 24); !some.isEmpty(); some = root.entries(fd, 24)) {
            String name = some.getFirst().name();
            if (!name.startsWith(".")) {
                root.rename("/tmp/a/" + name, "/tmp/a/" + name + "x");
                shown++;
            }
        }
        assertThat(shown).isEqualTo(10);
        assertThat(root.list("/tmp/a")).hasSize(10).allMatch(name -> name.endsWith("x"));
    }

    @Test
    void aPositionCanBeGoneBackTo() {
        root.mkdir("/tmp/a");
        IntStream.range(0, 5).forEach(i -> root.make("/tmp/a/f" + i, ""));
        long fd = root.open("/tmp/a", O_RDONLY);
        List<Entry> all = root.entries(fd, 1000);
        assertThat(root.entries(fd, 1000)).isEmpty();
        for (int i = 0; i < all.size(); i++) {
            assertThat(root.seek(fd, all.get(i).next(), SEEK_SET))
                    .isEqualTo(all.get(i).next());
            assertThat(root.entries(fd, 1000)).isEqualTo(all.subList(i + 1, all.size()));
        }
        assertThat(root.seek(fd, 0, SEEK_SET)).isZero();
        assertThat(root.entries(fd, 1000)).isEqualTo(all);
        assertThat(root.seek(fd, -1, SEEK_SET)).isEqualTo(-Errno.EINVAL);
        assertThat(root.seek(fd, 0, SEEK_END)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void aRemovedDirectoryHasNoEntries() {
        root.mkdir("/tmp/a");
        long fd = root.open("/tmp/a", O_RDONLY);
        root.call(RMDIR, "/tmp/a");
        assertThat(root.call(GETDENTS64, fd, BUFFER, 1000)).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void namesAreUtf8() {
        root.mkdir("/tmp/a");
        root.make("/tmp/a/grüße", "");
        root.make("/tmp/a/日本", "");
        root.make("/tmp/a/𝄞", "");
        assertThat(root.list("/tmp/a")).containsExactly("𝄞", "日本", "grüße");
    }
}
