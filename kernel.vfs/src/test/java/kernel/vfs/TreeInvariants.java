// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.OpenFlags.O_DIRECTORY;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kernel.uapi.FileMode;

/** What must be so in the root file system whenever nobody is at work and nobody holds an unlinked file. */
final class TreeInvariants {
    private final FakeProcess root;
    private final Map<Long, FakeProcess.Stat> files = new HashMap<>();
    private final Map<Long, Integer> links = new HashMap<>();
    private int names;

    private TreeInvariants(FakeProcess root) {
        this.root = root;
    }

    /** Links are counted rightly, listings and lookups agree, and no name and no page is lost. */
    static void check(FakeHost host) {
        TreeInvariants invariants = new TreeInvariants(host.root());
        FakeProcess.Stat top = invariants.root.stat("/");
        invariants.walk("/", top, top);
        invariants.links.forEach((inode, count) ->
                assertThat(invariants.files.get(inode).links()).isEqualTo((long) count));
        long blocks = invariants.files.values().stream()
                .mapToLong(FakeProcess.Stat::blocks)
                .sum();
        FileSystem fileSystem = host.fileSystem().root();
        assertThat(fileSystem.nameCount()).isEqualTo(invariants.names);
        assertThat(fileSystem.pageCount()).isEqualTo((int) (blocks / 8));
    }

    private void walk(String path, FakeProcess.Stat directory, FakeProcess.Stat parent) {
        String prefix = path.equals("/") ? "/" : path + "/";
        assertThat(root.stat(prefix + "..").inode()).as(path).isEqualTo(parent.inode());
        List<String> listed = root.list(path);
        Set<String> unique = new HashSet<>(listed);
        assertThat(unique).as(path).hasSize(listed.size());
        int subdirectories = 0;
        for (String name : listed) {
            FakeProcess.Stat stat = root.lstat(prefix + name);
            assertThat(stat).as(prefix + name).isNotNull();
            names++;
            if (stat.device() != directory.device()) {
                subdirectories++;
            } else if (FileMode.isDirectory(stat.mode())) {
                subdirectories++;
                walk(prefix + name, stat, directory);
            } else {
                files.put(stat.inode(), stat);
                links.merge(stat.inode(), 1, Integer::sum);
            }
        }
        assertThat(directory.links()).as(path).isEqualTo(2 + subdirectories);
        assertThat(directory.size()).as(path).isEqualTo(20L * (2 + listed.size()));
        long fd = root.open(path, O_RDONLY | O_DIRECTORY);
        assertThat(root.entries(fd, 100).getFirst().inode()).isEqualTo(directory.inode());
        root.close(fd);
    }
}
