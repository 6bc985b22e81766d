// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.*;
import static kernel.uapi.OpenFlags.*;
import static kernel.uapi.SystemCallNumber.*;
import static kernel.vfs.FakeProcess.BAD_ADDRESS;
import static kernel.vfs.FakeProcess.BUFFER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import kernel.uapi.Errno;
import kernel.uapi.FileMode;
import kernel.uapi.Limits;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Which error does each call give, and is everything as before afterwards?
 *
 * <pre>
 * /tmp
 *  ├─ file              -rw-r--r--  "hello"
 *  ├─ locked            -rw-------
 *  ├─ fifo  socket  chr  blk        without drivers
 *  ├─ dir/
 *  │   ├─ inner         -rw-r--r--
 *  │   └─ sub/deep/
 *  ├─ empty/
 *  ├─ mine/             drwxrwxrwx
 *  ├─ private/          drwx------
 *  │   └─ secret
 *  ├─ sticky/           drwxrwxrwt
 *  │   ├─ theirs
 *  │   └─ theirdir/
 *  ├─ link -> file   dirlink -> dir   dangling -> nowhere   into -> nodir/x
 *  └─ loop -> loop   slashlink -> file/
 * </pre>
 *
 * All of it is root's; "user" is somebody else, in /tmp both.
 */
class ErrnoTest {
    private static final String NAME_255 = "n".repeat(255);
    private static final String NAME_256 = "n".repeat(256);
    /** 254 bytes in 127 letters, and two bytes more. */
    private static final String UMLAUTS_256 = "ü".repeat(128);

    private static final String PATH_4096 = "./".repeat(2048);

    private final List<Row> rows = new ArrayList<>();

    private record Row(String name, String who, int errno, ToLongFunction<FakeProcess> call) {}

    private void root(int errno, String name, ToLongFunction<FakeProcess> call) {
        rows.add(new Row(name, "root", errno, call));
    }

    private void user(int errno, String name, ToLongFunction<FakeProcess> call) {
        rows.add(new Row(name, "user", errno, call));
    }

    private void both(int errno, String name, ToLongFunction<FakeProcess> call) {
        root(errno, name, call);
        user(errno, name, call);
    }

    /** A call that is the same but for the path. */
    private void both(int errno, int number, String path, Object... more) {
        Object[] arguments = Stream.concat(Stream.of(path), Stream.of(more)).toArray();
        String name = SystemCallNumber.name(number) + " " + abbreviated(path);
        both(errno, name, process -> process.call(number, arguments));
    }

    private static String abbreviated(String path) {
        return path.length() > 40 ? path.substring(0, 10) + "..." + path.length() : path;
    }

    @TestFactory
    Stream<DynamicTest> aFailingCallGivesLinuxErrnoAndChangesNothing() {
        walks();
        opens();
        makes();
        removes();
        renames();
        links();
        attributes();
        directories();
        pipes();
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.who() + ": " + row.name() + " " + Errno.name(row.errno()), () -> run(row)));
    }

    private static void run(Row row) {
        FakeHost host = FakeHost.booted();
        FakeProcess root = host.root();
        build(root);
        FakeProcess process = row.who().equals("root") ? root : host.process(2, 1000);
        process.call(CHDIR, "/tmp");
        String before = TreeSnapshot.of(host, "/") + process.openFiles() + process.workingDirectory();

        long answer = row.call().applyAsLong(process);

        assertThat(answer).as("%s: %s", row.who(), row.name()).isEqualTo(-row.errno());
        assertThat(TreeSnapshot.of(host, "/") + process.openFiles() + process.workingDirectory())
                .isEqualTo(before);
    }

    static void build(FakeProcess root) {
        root.call(CHDIR, "/tmp");
        root.make("file", "hello");
        root.make("locked", "secret");
        root.call(CHMOD, "locked", 0600);
        root.call(MKNOD, "fifo", FileMode.S_IFIFO | 0666, 0);
        root.call(MKNOD, "socket", FileMode.S_IFSOCK | 0666, 0);
        root.call(MKNOD, "chr", FileMode.S_IFCHR | 0666, FileMode.device(77, 7));
        root.call(MKNOD, "blk", FileMode.S_IFBLK | 0666, FileMode.device(77, 7));
        for (String special : List.of("fifo", "socket", "chr", "blk")) {
            root.call(CHMOD, special, 0666);
        }
        root.mkdir("dir");
        root.make("dir/inner", "");
        root.mkdir("dir/sub");
        root.mkdir("dir/sub/deep");
        root.mkdir("empty");
        root.mkdir("mine");
        root.call(CHMOD, "mine", 0777);
        root.mkdir("private");
        root.make("private/secret", "");
        root.call(CHMOD, "private", 0700);
        root.mkdir("sticky");
        root.make("sticky/theirs", "");
        root.mkdir("sticky/theirdir");
        root.call(CHMOD, "sticky", 01777);
        root.symlink("file", "link");
        root.symlink("dir", "dirlink");
        root.symlink("nowhere", "dangling");
        root.symlink("nodir/x", "into");
        root.symlink("loop", "loop");
        root.symlink("file/", "slashlink");
        for (int i = 0; i < 41; i++) {
            root.symlink(i == 0 ? "file" : "chain" + (i - 1), "chain" + i);
        }
    }

    private void walks() {
        both(ENOENT, STAT, "", BUFFER);
        both(ENOENT, STAT, "nowhere", BUFFER);
        both(ENOENT, STAT, "/tmp/nowhere/x", BUFFER);
        both(ENOENT, STAT, "dangling", BUFFER);
        both(ENOENT, STAT, "nowhere/", BUFFER);
        both(ENOTDIR, STAT, "file/", BUFFER);
        both(ENOTDIR, STAT, "file/.", BUFFER);
        both(ENOTDIR, STAT, "file/x", BUFFER);
        both(ENOTDIR, STAT, "file/..", BUFFER);
        both(ENOTDIR, STAT, "link/", BUFFER);
        both(ENOTDIR, LSTAT, "link/", BUFFER);
        both(ENOTDIR, STAT, "slashlink", BUFFER);
        both(ENOTDIR, STAT, "link/x", BUFFER);
        both(ELOOP, STAT, "loop", BUFFER);
        both(ELOOP, LSTAT, "loop/", BUFFER);
        both(ELOOP, STAT, "loop/x", BUFFER);
        both(ELOOP, STAT, "chain40", BUFFER);
        both(ENAMETOOLONG, STAT, NAME_256, BUFFER);
        both(ENAMETOOLONG, STAT, NAME_256 + "/x", BUFFER);
        both(ENAMETOOLONG, STAT, UMLAUTS_256, BUFFER);
        both(ENAMETOOLONG, STAT, PATH_4096, BUFFER);
        both(ENOENT, STAT, NAME_255, BUFFER);
        both(EFAULT, "stat of a bad path", process -> process.call(STAT, BAD_ADDRESS, BUFFER));
        both(EFAULT, "stat to a bad buffer", process -> process.call(STAT, "file", BAD_ADDRESS));
        user(EACCES, "stat private/secret", process -> process.call(STAT, "private/secret", BUFFER));
        user(EACCES, "stat private/..", process -> process.call(STAT, "private/..", BUFFER));
        user(EACCES, "stat private/" + abbreviated(NAME_256), p -> p.call(STAT, "private/" + NAME_256, BUFFER));
        both(EBADF, "fstat", process -> process.call(FSTAT, 17, BUFFER));
        both(EBADF, "fstat -1", process -> process.call(FSTAT, -1, BUFFER));
        both(EBADF, "newfstatat of a closed descriptor", process -> process.call(NEWFSTATAT, 17, "file", BUFFER, 0));
        both(
                ENOTDIR,
                "newfstatat below a file",
                process -> withOpen(process, "file", O_RDONLY, fd -> process.call(NEWFSTATAT, fd, "x", BUFFER, 0)));
        both(EINVAL, "newfstatat with odd flags", process -> process.call(NEWFSTATAT, AT_FDCWD, "file", BUFFER, 0x40));
        both(ENOENT, "newfstatat without a path", process -> process.call(NEWFSTATAT, AT_FDCWD, "", BUFFER, 0));
        both(EINVAL, ACCESS, "file", 8);
        both(ENOENT, ACCESS, "nowhere", 0);
        both(EACCES, ACCESS, "file", 1);
        user(EACCES, "access to write", process -> process.call(ACCESS, "file", 2));
        user(EACCES, "access to read", process -> process.call(ACCESS, "locked", 4));
        user(EACCES, "access to search", process -> process.call(ACCESS, "private", 1));
        both(EINVAL, READLINK, "file", BUFFER, 100);
        both(EINVAL, READLINK, "link", BUFFER, 0);
        both(EINVAL, READLINK, "link", BUFFER, -1);
        both(ENOENT, READLINK, "nowhere", BUFFER, 100);
        both(EFAULT, READLINK, "link", BAD_ADDRESS, 100);
        both(EINVAL, READLINK, "dirlink/", BUFFER, 100);
    }

    private void opens() {
        both(ENOENT, OPEN, "", O_RDONLY);
        both(ENOENT, OPEN, "nowhere", O_RDWR);
        both(ENOENT, OPEN, "dangling", O_RDONLY);
        both(EISDIR, OPEN, "dir", O_WRONLY);
        both(EISDIR, OPEN, "dir", O_RDWR);
        both(EISDIR, OPEN, "dir", O_RDONLY | O_TRUNC);
        both(EISDIR, OPEN, "dir", O_RDONLY | O_CREAT);
        both(EISDIR, OPEN, ".", O_RDONLY | O_CREAT);
        both(EISDIR, OPEN, "/", O_RDONLY | O_CREAT);
        both(EISDIR, OPEN, "new/", O_RDWR | O_CREAT);
        both(EISDIR, OPEN, "file/", O_RDWR | O_CREAT);
        both(EEXIST, OPEN, "file", O_RDWR | O_CREAT | O_EXCL);
        both(EEXIST, OPEN, "dir", O_RDWR | O_CREAT | O_EXCL);
        both(EEXIST, OPEN, "link", O_RDWR | O_CREAT | O_EXCL);
        both(EEXIST, OPEN, "dangling", O_RDWR | O_CREAT | O_EXCL);
        both(ENOENT, OPEN, "into", O_RDWR | O_CREAT);
        both(ENOENT, OPEN, "nodir/x", O_RDWR | O_CREAT);
        both(ENOTDIR, OPEN, "file/x", O_RDWR | O_CREAT);
        both(ELOOP, OPEN, "loop", O_RDWR | O_CREAT);
        both(ENAMETOOLONG, OPEN, NAME_256, O_RDWR | O_CREAT);
        both(ENOTDIR, OPEN, "file", O_RDONLY | O_DIRECTORY);
        both(ENOTDIR, OPEN, "link", O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        both(EINVAL, OPEN, "new", O_RDWR | O_CREAT | O_DIRECTORY);
        both(ELOOP, OPEN, "link", O_RDONLY | O_NOFOLLOW);
        both(ELOOP, OPEN, "link", O_RDWR | O_CREAT | O_NOFOLLOW);
        both(ENXIO, OPEN, "chr", O_RDWR);
        both(ENXIO, OPEN, "blk", O_RDONLY);
        both(ENXIO, OPEN, "socket", O_RDONLY);
        both(ENXIO, OPEN, "fifo", O_WRONLY | O_NONBLOCK);
        both(ENOTDIR, OPEN, "chr", O_RDONLY | O_DIRECTORY);
        both(EFAULT, "open of a bad path", process -> process.call(OPEN, BAD_ADDRESS, O_RDONLY));
        user(EACCES, "open to read", process -> process.open("locked", O_RDONLY));
        user(EACCES, "open to write", process -> process.open("file", O_RDWR));
        user(EACCES, "open to truncate", process -> process.open("file", O_RDONLY | O_TRUNC));
        user(EACCES, "open to make", process -> process.open("dir/new", O_RDWR | O_CREAT));
        user(EACCES, "open to list", process -> process.open("private", O_RDONLY));
        user(EACCES, "creat over root's", process -> process.call(CREAT, "file", 0666));
        both(EISDIR, CREAT, "dir", 0666);
        both(EBADF, "openat", process -> process.call(OPENAT, 17, "x", O_RDONLY));
        both(
                ENOTDIR,
                "openat below a file",
                process -> withOpen(process, "file", O_RDONLY, fd -> process.call(OPENAT, fd, "x", O_RDONLY)));
        both(
                EMFILE,
                "open when all descriptors are taken",
                process -> withAllDescriptors(process, () -> process.open("mine/new", O_RDWR | O_CREAT)));
        both(
                EMFILE,
                "creat when all descriptors are taken",
                process -> withAllDescriptors(process, () -> process.call(CREAT, "mine/new", 0666)));
    }

    private void makes() {
        both(EEXIST, MKDIR, "dir", 0777);
        both(EEXIST, MKDIR, "dir/", 0777);
        both(EEXIST, MKDIR, "file", 0777);
        both(EEXIST, MKDIR, "dangling", 0777);
        both(EEXIST, MKDIR, "dangling/", 0777);
        both(EEXIST, MKDIR, ".", 0777);
        both(EEXIST, MKDIR, "dir/..", 0777);
        both(EEXIST, MKDIR, "/", 0777);
        both(ENOENT, MKDIR, "", 0777);
        both(ENOENT, MKDIR, "nodir/new", 0777);
        both(ENOTDIR, MKDIR, "file/new", 0777);
        both(ENAMETOOLONG, MKDIR, NAME_256, 0777);
        both(EFAULT, "mkdir of a bad path", process -> process.call(MKDIR, BAD_ADDRESS, 0777));
        user(EACCES, "mkdir in root's", process -> process.call(MKDIR, "dir/new", 0777));
        user(EEXIST, "mkdir of what is in root's", process -> process.call(MKDIR, "dir/inner", 0777));
        both(EBADF, "mkdirat", process -> process.call(MKDIRAT, 17, "new", 0777));
        both(EEXIST, MKNOD, "file", FileMode.S_IFIFO | 0666, 0);
        both(EPERM, MKNOD, "new", FileMode.S_IFDIR | 0777, 0);
        both(EINVAL, MKNOD, "new", FileMode.S_IFLNK | 0777, 0);
        both(ENOENT, MKNOD, "new/", FileMode.S_IFIFO | 0777, 0);
        both(EEXIST, MKNOD, "file/", FileMode.S_IFIFO | 0777, 0);
        user(EPERM, "mknod of a device", process -> process.call(MKNOD, "mine/new", FileMode.S_IFCHR | 0666, 259));
        user(EACCES, "mknod in root's", process -> process.call(MKNOD, "dir/new", FileMode.S_IFCHR | 0666, 259));
        both(EEXIST, "symlink over a file", process -> process.symlink("x", "file"));
        both(ENOENT, "symlink to nothing", process -> process.symlink("", "new"));
        both(ENOENT, "symlink at nothing", process -> process.symlink("x", ""));
        both(ENOENT, "symlink with slashes", process -> process.symlink("x", "new/"));
        both(ENAMETOOLONG, "symlink to far away", process -> process.symlink(PATH_4096, "new"));
        both(EFAULT, "symlink to a bad address", process -> process.call(SYMLINK, BAD_ADDRESS, "new"));
        user(EACCES, "symlink in root's", process -> process.symlink("x", "dir/new"));
    }

    private void removes() {
        both(ENOENT, UNLINK, "nowhere");
        both(ENOENT, UNLINK, "");
        both(ENOENT, UNLINK, "nowhere/");
        root(EISDIR, "unlink dir", process -> process.call(UNLINK, "dir"));
        user(EPERM, "unlink dir in /tmp", process -> process.call(UNLINK, "dir"));
        both(EISDIR, UNLINK, "dir/");
        both(EISDIR, UNLINK, ".");
        both(EISDIR, UNLINK, "/");
        both(ENOTDIR, UNLINK, "file/");
        both(ENOTDIR, UNLINK, "dirlink/");
        both(ENOTDIR, UNLINK, "file/x");
        both(EFAULT, "unlink of a bad path", process -> process.call(UNLINK, BAD_ADDRESS));
        user(EACCES, "unlink in root's", process -> process.call(UNLINK, "dir/inner"));
        user(EPERM, "unlink in a sticky directory", process -> process.call(UNLINK, "sticky/theirs"));
        user(EPERM, "unlink in /tmp", process -> process.call(UNLINK, "file"));
        both(EINVAL, "unlinkat with odd flags", process -> process.call(UNLINKAT, AT_FDCWD, "file", 1));
        both(EBADF, "unlinkat", process -> process.call(UNLINKAT, 17, "file", 0));
        both(ENOENT, RMDIR, "nowhere");
        root(ENOTDIR, "rmdir file", process -> process.call(RMDIR, "file"));
        root(ENOTDIR, "rmdir dirlink", process -> process.call(RMDIR, "dirlink"));
        root(ENOTDIR, "rmdir dirlink/", process -> process.call(RMDIR, "dirlink/"));
        root(ENOTEMPTY, "rmdir dir", process -> process.call(RMDIR, "dir"));
        both(ENOTEMPTY, RMDIR, "dir/..");
        both(EINVAL, RMDIR, "empty/.");
        both(EBUSY, RMDIR, "/");
        root(EBUSY, "rmdir /proc", process -> process.call(RMDIR, "/proc"));
        root(EBUSY, "rmdir /dev", process -> process.call(RMDIR, "/dev"));
        user(EACCES, "rmdir in root's", process -> process.call(RMDIR, "dir/sub"));
        user(EPERM, "rmdir in a sticky directory", process -> process.call(RMDIR, "sticky/theirdir"));
        root(ENOTEMPTY, "unlinkat", process -> process.call(UNLINKAT, AT_FDCWD, "dir", AT_REMOVEDIR));
    }

    private void renames() {
        both(ENOENT, "rename nowhere", process -> process.rename("nowhere", "mine/new"));
        both(ENOENT, "rename to nodir", process -> process.rename("file", "nodir/new"));
        both(ENOENT, "rename nothing", process -> process.rename("", "mine/new"));
        both(ENOENT, "rename to nothing", process -> process.rename("file", ""));
        both(EBUSY, "rename .", process -> process.rename("dir/.", "mine/new"));
        both(EBUSY, "rename ..", process -> process.rename("dir/..", "mine/new"));
        both(EBUSY, "rename to .", process -> process.rename("dir", "mine/."));
        both(EBUSY, "rename /", process -> process.rename("/", "mine/new"));
        both(ENOTDIR, "rename file/", process -> process.rename("file/", "mine/new"));
        both(ENOTDIR, "rename file to new/", process -> process.rename("file", "mine/new/"));
        both(ENOTDIR, "rename link/", process -> process.rename("dirlink/", "mine/new"));
        both(EINVAL, "rename into itself", process -> process.rename("dir", "dir/sub/new"));
        both(EINVAL, "rename into itself over itself", process -> process.rename("dir", "dir/dir"));
        both(ENOTEMPTY, "rename over what it is in", process -> process.rename("dir/inner", "dir"));
        both(ENOTEMPTY, "rename over far above", process -> process.rename("dir/sub/deep", "dir"));
        root(EISDIR, "rename file over empty", process -> process.rename("file", "empty"));
        root(ENOTDIR, "rename dir over file", process -> process.rename("dir", "file"));
        root(ENOTDIR, "rename dir over dirlink", process -> process.rename("dir", "dirlink"));
        root(ENOTEMPTY, "rename empty over dir", process -> process.rename("empty", "dir"));
        both(EXDEV, "rename to another file system", process -> process.rename("file", "/dev/new"));
        root(EBUSY, "rename /proc", process -> process.rename("/proc", "/tmp/new"));
        root(EBUSY, "rename over /proc", process -> process.rename("/tmp/empty", "/proc"));
        user(EACCES, "rename from root's", process -> process.rename("dir/inner", "mine/new"));
        user(EPERM, "rename in a sticky directory", process -> process.rename("sticky/theirs", "mine/new"));
        user(EPERM, "rename out of /tmp", process -> process.rename("file", "mine/new"));
        both(EFAULT, "rename of a bad path", process -> process.call(RENAME, BAD_ADDRESS, "new"));
        both(EFAULT, "rename to a bad path", process -> process.call(RENAME, "file", BAD_ADDRESS));
        both(ENAMETOOLONG, "rename to a long name", process -> process.rename("file", NAME_256));
        both(EBADF, "renameat", process -> process.call(RENAMEAT, 17, "file", AT_FDCWD, "new"));
        root(EPERM, "rename in /proc", process -> process.rename("/proc/mounts", "/proc/filesystems"));
    }

    private void links() {
        both(ENOENT, "link nowhere", process -> process.call(LINK, "nowhere", "mine/new"));
        both(EEXIST, "link over a file", process -> process.call(LINK, "file", "locked"));
        both(EEXIST, "link over itself", process -> process.call(LINK, "file", "file"));
        both(EPERM, "link a directory", process -> process.call(LINK, "dir", "mine/new"));
        both(EXDEV, "link to another file system", process -> process.call(LINK, "file", "/dev/new"));
        both(ENOENT, "link with slashes", process -> process.call(LINK, "file", "mine/new/"));
        both(ENOTDIR, "link file/", process -> process.call(LINK, "file/", "mine/new"));
        user(EACCES, "link into root's", process -> process.call(LINK, "file", "dir/new"));
        root(ENOENT, "link into /proc", process -> process.call(LINK, "/proc/mounts", "/proc/new"));
    }

    private void attributes() {
        both(ENOENT, CHMOD, "nowhere", 0777);
        user(EPERM, "chmod of root's", process -> process.call(CHMOD, "file", 0777));
        both(EBADF, "fchmod", process -> process.call(FCHMOD, 17, 0777));
        both(
                EBADF,
                "fchmod with O_PATH",
                process -> withOpen(process, "file", O_PATH, fd -> process.call(FCHMOD, fd, 0777)));
        user(
                EPERM,
                "fchmod of root's",
                process -> withOpen(process, "file", O_RDONLY, fd -> process.call(FCHMOD, fd, 0777)));
        root(EPERM, "chmod in /proc", process -> process.call(CHMOD, "/proc/mounts", 0777));
        both(EINVAL, TRUNCATE, "file", -1);
        both(EINVAL, TRUNCATE, "nowhere", -1);
        both(ENOENT, TRUNCATE, "nowhere", 0);
        both(EISDIR, TRUNCATE, "dir", 0);
        both(EINVAL, TRUNCATE, "fifo", 0);
        both(EINVAL, TRUNCATE, "chr", 0);
        user(EACCES, "truncate", process -> process.call(TRUNCATE, "file", 0));
        root(EFBIG, "truncate to too much", process -> process.call(TRUNCATE, "file", FilePages.SIZE_MAX + 1));
        both(EBADF, "ftruncate", process -> process.call(FTRUNCATE, 17, 0));
        both(EINVAL, "ftruncate to less than nothing", process -> process.call(FTRUNCATE, 17, -1));
        both(
                EINVAL,
                "ftruncate of what is open to read",
                process -> withOpen(process, "file", O_RDONLY, fd -> process.call(FTRUNCATE, fd, 0)));
        both(
                EINVAL,
                "ftruncate of a directory",
                process -> withOpen(process, "dir", O_RDONLY, fd -> process.call(FTRUNCATE, fd, 0)));
    }

    private void directories() {
        both(ENOTDIR, CHDIR, "file");
        both(ENOENT, CHDIR, "nowhere");
        both(ENOENT, CHDIR, "");
        user(EACCES, "chdir", process -> process.call(CHDIR, "private"));
        both(EBADF, "fchdir", process -> process.call(FCHDIR, 17));
        both(
                ENOTDIR,
                "fchdir to a file",
                process -> withOpen(process, "file", O_RDONLY, fd -> process.call(FCHDIR, fd)));
        user(EACCES, "fchdir", process -> withOpen(process, "private", O_PATH, fd -> process.call(FCHDIR, fd)));
        both(ERANGE, "getcwd in four bytes", process -> process.call(GETCWD, BUFFER, 4));
        both(ERANGE, "getcwd in no bytes", process -> process.call(GETCWD, BUFFER, 0));
        both(EFAULT, "getcwd to a bad buffer", process -> process.call(GETCWD, BAD_ADDRESS, 100));
        both(EBADF, "getdents64", process -> process.call(GETDENTS64, 17, BUFFER, 1000));
        both(
                ENOTDIR,
                "getdents64 of a file",
                process -> withOpen(process, "file", O_RDONLY, fd -> process.call(GETDENTS64, fd, BUFFER, 1000)));
        both(
                EINVAL,
                "getdents64 in 23 bytes",
                process -> withOpen(process, "dir", O_RDONLY, fd -> process.call(GETDENTS64, fd, BUFFER, 23)));
        both(
                EFAULT,
                "getdents64 to a bad buffer",
                process -> withOpen(process, "dir", O_RDONLY, fd -> process.call(GETDENTS64, fd, BAD_ADDRESS, 1000)));
        both(EISDIR, "read of a directory", process -> withOpen(process, "dir", O_RDONLY, fd -> process.read(fd, 100)));
        both(EBADF, "read with O_PATH", process -> withOpen(process, "file", O_PATH, fd -> process.read(fd, 100)));
    }

    private void pipes() {
        both(EFAULT, "pipe to a bad address", process -> process.call(PIPE, BAD_ADDRESS));
        both(EFAULT, "pipe to where the second number is no more", p -> p.call(PIPE, FakeProcess.MEMORY_END - 4));
        both(EINVAL, "pipe2 with odd flags", process -> process.call(PIPE2, BUFFER, O_APPEND));
        both(
                EMFILE,
                "pipe when all descriptors are taken",
                process -> withAllDescriptors(process, () -> process.call(PIPE, BUFFER)));
        both(
                EMFILE,
                "pipe when one descriptor is left",
                process -> withAllDescriptors(process, () -> {
                    process.close(500);
                    return process.call(PIPE, BUFFER);
                }));
    }

    private static long withOpen(FakeProcess process, String path, int flags, ToLongFunction<Long> call) {
        long fd = process.open(path, flags);
        assertThat(fd).as("open %s", path).isNotNegative();
        long answer = call.applyAsLong(fd);
        process.close(fd);
        return answer;
    }

    private static long withAllDescriptors(FakeProcess process, LongSupplier call) {
        while (process.open("/", O_RDONLY) >= 0) {
            // until there are no more
        }
        assertThat(process.openFiles()).isEqualTo(Limits.OPEN_MAX);
        long answer = call.getAsLong();
        process.files().closeAll(process);
        return answer;
    }
}
