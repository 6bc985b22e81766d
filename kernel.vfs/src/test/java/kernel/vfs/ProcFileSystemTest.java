// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.*;
import static kernel.uapi.OpenFlags.*;
import static kernel.uapi.Seek.*;
import static kernel.uapi.SystemCallNumber.*;
import static kernel.vfs.FakeProcess.BUFFER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.fs.ProcTable;
import kernel.uapi.FileMode;
import kernel.vfs.FakeProcess.Entry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Does /proc show what the kernel's parts have entered, as of now? */
class ProcFileSystemTest {
    private final FakeHost host = FakeHost.booted();
    private final FakeProcess root = host.root();
    private final AtomicInteger count = new AtomicInteger();
    private final List<Integer> pids = new ArrayList<>(List.of(7, 1, 300));

    @BeforeEach
    void enter() {
        host.procTable.create("uptime", () -> "read " + count.incrementAndGet() + " times\n");
        host.procTable.create("sys/kernel/tainted", () -> "0\n");
        host.procTable.create("sys/kernel/panic", () -> "0\n");
        host.procTable.create("sys-notes", () -> "");
        host.procTable.setProcesses(new ProcTable.Processes() {
            @Override
            public List<Integer> pids() {
                return pids;
            }

            @Override
            public List<String> files() {
                return List.of("comm", "status");
            }

            @Override
            public String text(int pid, String file) {
                return pids.contains(pid) ? file + " of " + pid + "\n" : null;
            }
        });
    }

    @Test
    void entriesAreFilesWithinDirectories() {
        assertThat(root.list("/proc"))
                .containsExactly("filesystems", "mounts", "sys-notes", "sys", "uptime", "self", "1", "7", "300");
        assertThat(root.list("/proc/sys")).containsExactly("kernel");
        assertThat(root.list("/proc/sys/kernel")).containsExactly("panic", "tainted");
        assertThat(root.content("/proc/sys/kernel/tainted")).isEqualTo("0\n");
        assertThat(root.stat("/proc/sys/kernel").mode()).isEqualTo(FileMode.S_IFDIR | 0555);
        assertThat(root.stat("/proc/uptime").mode()).isEqualTo(FileMode.S_IFREG | 0444);
        assertThat(root.stat("/proc/uptime").size()).isZero();
    }

    @Test
    void theTextIsMadeAtEachOpenAndThenStays() {
        assertThat(root.stat("/proc/uptime").links()).isEqualTo(1);
        long fd = root.open("/proc/uptime", O_RDONLY);
        assertThat(count.get()).isEqualTo(1);
        assertThat(root.readText(fd, 6)).isEqualTo("read 1");
        assertThat(root.content("/proc/uptime")).isEqualTo("read 2 times\n");
        assertThat(root.readText(fd, 100)).isEqualTo(" times\n");
        assertThat(root.read(fd, 100)).isZero();
        assertThat(root.seek(fd, 5, SEEK_SET)).isEqualTo(5);
        assertThat(root.readText(fd, 1)).isEqualTo("1");
        assertThat(root.seek(fd, 0, SEEK_END)).isEqualTo(-EINVAL);
        assertThat(root.read(fd, FakeProcess.BAD_ADDRESS, 5)).isEqualTo(-EFAULT);
    }

    @Test
    void eachProcessHasADirectoryAsLongAsItLives() {
        assertThat(root.list("/proc/7")).containsExactly("comm", "status");
        assertThat(root.content("/proc/300/status")).isEqualTo("status of 300\n");
        long directory = root.open("/proc/7", O_RDONLY);
        long file = root.open("/proc/7/comm", O_RDONLY);
        root.call(CHDIR, "/proc/7");
        pids.remove(Integer.valueOf(7));
        assertThat(root.stat("/proc/7")).isNull();
        assertThat(root.open("comm", O_RDONLY)).isEqualTo(-ENOENT);
        assertThat(root.call(GETDENTS64, directory, BUFFER, 1000)).isEqualTo(-ENOENT);
        assertThat(root.readText(file, 100)).isEqualTo("comm of 7\n");
        assertThat(root.workingDirectory()).isEqualTo("/proc/7");
        assertThat(root.call(CHDIR, "..")).isZero();
        assertThat(root.workingDirectory()).isEqualTo("/proc");
    }

    @Test
    void onlyNumbersOfProcessesAreDirectories() {
        for (String name : List.of("2", "07", "0", "-1", "7x", "99999999999999999999")) {
            assertThat(root.open("/proc/" + name, O_RDONLY)).as(name).isEqualTo(-ENOENT);
        }
    }

    @Test
    void selfIsWhoeverAsks() {
        FakeProcess other = host.process(300, 1000);
        assertThat(root.readLink("/proc/self")).isEqualTo("1");
        assertThat(other.readLink("/proc/self")).isEqualTo("300");
        assertThat(other.content("/proc/self/comm")).isEqualTo("comm of 300\n");
        assertThat(FileMode.isLink(root.lstat("/proc/self").mode())).isTrue();
    }

    @Test
    void aListingInPiecesGoesOnWhileProcessesComeAndGo() {
        long fd = root.open("/proc", O_RDONLY);
        List<String> names = new ArrayList<>();
        for (List<Entry> some = root.entries(fd, 32); !some.isEmpty(); some = root.entries(fd, 32)) {
            names.add(some.getFirst().name());
            if (some.getFirst().name().equals("1")) {
                pids.remove(Integer.valueOf(1));
                pids.add(5);
            }
        }
        assertThat(names)
                .containsExactly(
                        ".", "..", "filesystems", "mounts", "sys-notes", "sys", "uptime", "self", "1", "5", "7", "300");
    }

    @Test
    void numbersInListingsAreThoseOfStat() {
        for (String path : List.of("/proc", "/proc/sys/kernel", "/proc/7")) {
            long fd = root.open(path, O_RDONLY);
            for (Entry entry : root.entries(fd, 4096)) {
                boolean leadsOut = path.equals("/proc") && entry.name().equals("..");
                FakeProcess.Stat stat = root.lstat(path + "/" + entry.name());
                if (!leadsOut) {
                    assertThat(entry.inode()).as(entry.name()).isEqualTo(stat.inode());
                    assertThat(entry.type()).as(entry.name()).isEqualTo(stat.mode() >> 12);
                }
            }
        }
    }

    @Test
    void nothingIsMadeRemovedOrWrittenHere() {
        FakeProcess user = host.process(2, 1000);
        assertThat(user.open("/proc/uptime", O_RDWR)).isEqualTo(-EACCES);
        assertThat(root.open("/proc/sys/kernel/tainted", O_WRONLY)).isEqualTo(-EACCES);
        long fd = root.open("/proc/uptime", O_RDWR | O_TRUNC);
        assertThat(root.write(fd, "x")).isEqualTo(-EIO);
        assertThat(root.open("/proc/new", O_CREAT | O_RDWR)).isEqualTo(-ENOENT);
        assertThat(root.mkdir("/proc/new")).isEqualTo(-ENOENT);
        assertThat(root.symlink("x", "/proc/7/new")).isEqualTo(-ENOENT);
        assertThat(root.call(UNLINK, "/proc/uptime")).isEqualTo(-EPERM);
        assertThat(root.call(RMDIR, "/proc/sys")).isEqualTo(-EPERM);
        assertThat(user.call(UNLINK, "/proc/uptime")).isEqualTo(-EACCES);
        assertThat(root.call(CHMOD, "/proc/uptime", 0666)).isEqualTo(-EPERM);
        assertThat(user.call(TRUNCATE, "/proc/uptime", 0)).isEqualTo(-EACCES);
    }
}
