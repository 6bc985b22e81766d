// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.OpenFlags.*;
import static kernel.uapi.SystemCallNumber.*;
import static kernel.vfs.FakeProcess.BUFFER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kernel.core.fs.FileDescription;
import kernel.uapi.Errno;
import kernel.uapi.FileMode;
import org.junit.jupiter.api.Test;

/** What does a process find when the machine has just booted, and how does it move about? */
class MountRootTest {
    private final FakeHost host = FakeHost.booted();
    private final FakeProcess root = host.root();

    @Test
    void theFirstDirectoriesAreThere() {
        assertThat(root.list("/"))
                .containsExactlyInAnyOrder("bin", "dev", "etc", "home", "mnt", "proc", "root", "sbin", "sys", "tmp");
        assertThat(root.stat("/tmp").mode()).isEqualTo(FileMode.S_IFDIR | 01777);
        assertThat(root.stat("/root").mode()).isEqualTo(FileMode.S_IFDIR | 0700);
        assertThat(root.stat("/bin").mode()).isEqualTo(FileMode.S_IFDIR | 0755);
    }

    @Test
    void eachFileSystemHasItsOwnDeviceNumber() {
        assertThat(List.of(
                        root.stat("/").device(),
                        root.stat("/dev").device(),
                        root.stat("/proc").device()))
                .doesNotHaveDuplicates();
        assertThat(root.stat("/").device()).isEqualTo(root.stat("/tmp").device());
    }

    @Test
    void theFirstProcessIsAtTheRootWithLinuxUmask() {
        assertThat(root.workingDirectory()).isEqualTo("/");
        assertThat(root.call(UMASK, 027)).isEqualTo(022);
        assertThat(root.call(UMASK, 0xffff)).isEqualTo(027);
        assertThat(root.call(UMASK, 0)).isEqualTo(0777);
    }

    @Test
    void umaskTakesBitsFromNewFiles() {
        root.call(UMASK, 027);
        root.open("/tmp/file", O_CREAT, 0666);
        root.call(MKDIR, "/tmp/dir", 0777);
        root.call(MKNOD, "/tmp/fifo", FileMode.S_IFIFO | 0666, 0);
        assertThat(root.stat("/tmp/file").mode() & 0777).isEqualTo(0640);
        assertThat(root.stat("/tmp/dir").mode() & 0777).isEqualTo(0750);
        assertThat(root.stat("/tmp/fifo").mode() & 0777).isEqualTo(0640);
    }

    @Test
    void aChildStartsWhereItsParentIsAndThenGoesItsOwnWay() {
        root.call(CHDIR, "/tmp");
        root.call(UMASK, 077);
        FakeProcess child = root.fork(2);
        child.call(CHDIR, "/etc");
        child.call(UMASK, 0);
        assertThat(root.workingDirectory()).isEqualTo("/tmp");
        assertThat(root.call(UMASK, 0)).isEqualTo(077);
        assertThat(child.workingDirectory()).isEqualTo("/etc");
        assertThat(root.fork(3).workingDirectory()).isEqualTo("/tmp");
    }

    @Test
    void dotsCrossMountsInBothDirections() {
        root.call(CHDIR, "/dev");
        assertThat(root.workingDirectory()).isEqualTo("/dev");
        assertThat(root.stat(".").device()).isEqualTo(root.stat("/dev").device());
        assertThat(root.stat("..").inode()).isEqualTo(root.stat("/").inode());
        assertThat(root.call(CHDIR, "../proc/../dev/.")).isZero();
        assertThat(root.workingDirectory()).isEqualTo("/dev");
        assertThat(root.call(CHDIR, "../../../..")).isZero();
        assertThat(root.workingDirectory()).isEqualTo("/");
    }

    @Test
    void theWorkingDirectoryFollowsARename() {
        root.mkdir("/tmp/a");
        root.mkdir("/tmp/a/b");
        root.call(CHDIR, "/tmp/a/b");
        root.rename("/tmp/a", "/etc/z");
        assertThat(root.workingDirectory()).isEqualTo("/etc/z/b");
    }

    @Test
    void aRemovedWorkingDirectoryIsNowhereButLeadsUp() {
        root.mkdir("/tmp/a");
        root.call(CHDIR, "/tmp/a");
        root.call(RMDIR, "/tmp/a");
        assertThat(root.workingDirectory()).isNull();
        assertThat(root.stat(".").links()).isZero();
        assertThat(root.call(CHDIR, "..")).isZero();
        assertThat(root.workingDirectory()).isEqualTo("/tmp");
    }

    @Test
    void descriptorsOfDirectoriesAreStartingPoints() {
        root.mkdir("/tmp/a");
        root.make("/tmp/a/file", "content");
        long fd = root.open("/tmp", O_RDONLY | O_DIRECTORY);
        assertThat(root.call(MKDIRAT, fd, "b", 0777)).isZero();
        assertThat(root.call(RENAMEAT, fd, "a/file", fd, "b/moved")).isZero();
        assertThat(root.content("/tmp/b/moved")).isEqualTo("content");
        assertThat(root.call(OPENAT, fd, "b/moved", O_RDONLY)).isPositive();
        assertThat(root.call(NEWFSTATAT, fd, "b/moved", BUFFER, 0)).isZero();
        assertThat(root.call(OPENAT, 999, "/tmp/b/moved", O_RDONLY)).isPositive();
        assertThat(root.call(UNLINKAT, fd, "b/moved", 0)).isZero();
        assertThat(root.call(UNLINKAT, fd, "b", AT_REMOVEDIR)).isZero();
        assertThat(root.call(FCHDIR, fd)).isZero();
        assertThat(root.workingDirectory()).isEqualTo("/tmp");
    }

    @Test
    void aPlaceOpenedWithPathOnlyCanBeStartedFromAndLookedAt() {
        root.mkdir("/tmp/a");
        root.symlink("a", "/tmp/link");
        long directory = root.open("/tmp/a", O_PATH);
        long link = root.open("/tmp/link", O_PATH | O_NOFOLLOW);
        assertThat(root.call(MKDIRAT, directory, "b", 0777)).isZero();
        assertThat(root.call(FCHDIR, directory)).isZero();
        assertThat(root.workingDirectory()).isEqualTo("/tmp/a");
        assertThat(FileMode.isLink(root.fstat(link).mode())).isTrue();
        assertThat(root.call(NEWFSTATAT, link, "", BUFFER, AT_EMPTY_PATH)).isZero();
    }

    @Test
    void mountsAndTypesAreInProc() {
        assertThat(root.content("/proc/mounts")).isEqualTo("""
                        tmpfs / tmpfs rw,relatime 0 0
                        devtmpfs /dev devtmpfs rw,relatime,mode=755 0 0
                        proc /proc proc rw,relatime 0 0
                        sysfs /sys sysfs rw,relatime 0 0
                        """);
        assertThat(root.content("/proc/filesystems").lines())
                .containsExactly("nodev\tsysfs", "nodev\ttmpfs", "nodev\tdevtmpfs", "nodev\tproc", "nodev\tpipefs");
    }

    @Test
    void theTraceShowsTheWalk() {
        host.devices.plugIn(FakeDevices.characterDevice("null", 1, 3), new NullDriver());
        root.symlink("../dev/null", "/tmp/link");
        root.lookups.clear();
        root.open("/tmp/link", O_RDONLY);
        assertThat(root.lookups)
                .containsExactly(
                        "dentry tmp",
                        "link link",
                        "dentry ..",
                        "dentry dev",
                        "mount devtmpfs",
                        "dentry null",
                        "inode devtmpfs:2",
                        "device 1:3");
    }

    @Test
    void whatAnOpenFileIsCalledDoesNotDifferFromRunToRun() {
        host.devices.plugIn(FakeDevices.characterDevice("null", 1, 3), new NullDriver());
        assertThat(root.files().get((int) root.open("/dev/null", O_RDONLY)).node())
                .hasToString("devtmpfs:2 c 1:3");
        assertThat(root.files().get((int) root.open("/tmp", O_RDONLY)).node()).hasToString("tmpfs:11");
        assertThat(root.files().get(root.pipe(0)[0]).node()).hasToString("pipefs:1");
    }

    @Test
    void whatIsOpenInNoFileSystemHasAttributesToo() {
        root.files().install(new FileDescription(new NullDriver(), null, "[event]", 0, O_RDWR), false);
        assertThat(root.fstat(0).mode()).isEqualTo(0600);
        assertThat(root.call(FCHDIR, 0)).isEqualTo(-Errno.ENOTDIR);
    }
}
