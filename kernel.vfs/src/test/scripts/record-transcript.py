#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records what Linux answers to random system calls on a fresh tmpfs, for LinuxTranscriptTest.

    sudo ./record-transcript.py SEED CALLS > transcript-SEED.txt

Each line is a call, " = " and the answer: a negative errno, or what the call gave. It runs as root in an empty directory of
/dev/shm, chrooted, and switches its effective user for the calls of others.
"""
import ctypes
import errno
import os
import random
import shutil
import stat
import sys
import tempfile

LIBC = ctypes.CDLL(None, use_errno=True)
OPEN, STAT, LSTAT, ACCESS, TRUNCATE, RENAME, MKDIR, RMDIR = 2, 4, 6, 21, 76, 82, 83, 84
LINK, UNLINK, SYMLINK, READLINK, CHMOD, MKNOD, CHDIR, GETCWD = 86, 87, 88, 89, 90, 133, 80, 79
GETDENTS64, FTRUNCATE, FCHMOD = 217, 77, 91
NAMES = ["a", "b", "c", "d", "e"]
FLAGS = [0, 0o1, 0o2, 0o100, 0o101, 0o102, 0o102, 0o302, 0o1001, 0o1102, 0o1000, 0o2001, 0o2102, 0o200000, 0o400000,
         0o400102, 0o600000, 0o10000000, 0o10200000, 0o201000, 0o200100]


def syscall(number, *arguments):
    result = LIBC.syscall(ctypes.c_long(number), *[
        ctypes.c_char_p(a.encode()) if isinstance(a, str) else a if isinstance(a, ctypes.Array) else ctypes.c_long(a)
        for a in arguments])
    return -ctypes.get_errno() if result < 0 else result


def become(uid):
    os.seteuid(0)
    os.setegid(uid)
    os.seteuid(uid)


def describe(s):
    return "%o %d %d:%d %d" % (s.st_mode, s.st_nlink, s.st_uid, s.st_gid, s.st_size)


class Recorder:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.slots = {}

    def existing(self):
        become(0)
        directories, files = ["/tmp"], []
        for top, below, here in os.walk("/tmp"):
            directories += [os.path.join(top, name) for name in below]
            files += [os.path.join(top, name) for name in here]
        return directories, files

    def path(self, new=0.3):
        """A path: of something new with that probability, else mostly of something that is there; now and then an odd one."""
        r = self.random
        directories, files = self.existing()
        if r.random() < new:
            path = r.choice(directories) + "/" + r.choice(NAMES)
        elif r.random() < 0.85:
            path = r.choice(directories[1:] + files + files or directories)
        else:
            path = "/tmp" + "".join("/" + r.choice(NAMES) for _ in range(r.randint(1, 3)))
        parts = path.split("/")
        if r.random() < 0.1 and len(parts) > 2:
            parts.insert(r.randint(3, len(parts)), r.choice([".", "..", "", "a"]))
        path = "/".join(parts)
        if r.random() < 0.2 and path.startswith("/tmp/"):
            path = path[5:].lstrip("/")
        return path + ("/" if r.random() < 0.06 else "") or "/tmp"

    def call(self):
        r = self.random
        name = r.choice("open open open read write mkdir mkdir rmdir unlink rename rename link symlink readlink stat lstat list"
                        " access chmod truncate mknod chdir getcwd umask hold hold hold put put get get seek seek cut drop"
                        " fstat fstat".split())
        return name, getattr(self, "make_" + name)()

    # The arguments of each call.
    def make_open(self): return [self.path(), "%o" % self.random.choice(FLAGS), "%o" % self.mode()]
    def make_read(self): return [self.path()]
    def make_write(self): return [self.path(), "%o" % self.random.choice([0o1, 0o101, 0o1001, 0o2001]), self.text()]
    def make_mkdir(self): return [self.path(0.8), "%o" % self.mode()]
    def make_rmdir(self): return [self.path()]
    def make_unlink(self): return [self.path()]
    def make_rename(self): return [self.path(0.1), self.path(0.6)]
    def make_link(self): return [self.path(0.1), self.path(0.8)]
    def make_symlink(self): return [self.path(), self.path(0.8)]
    def make_readlink(self): return [self.path()]
    def make_stat(self): return [self.path()]
    def make_lstat(self): return [self.path()]
    def make_list(self): return [self.path()]
    def make_access(self): return [self.path(), str(self.random.randint(0, 8))]
    def make_chmod(self): return [self.path(), "%o" % self.mode()]
    def make_truncate(self): return [self.path(), str(self.random.choice([0, 1, 5, 100, 5000, 9000, -1]))]
    def make_mknod(self): return [self.path(0.8), "%o" % (self.random.choice([0, stat.S_IFREG, stat.S_IFIFO, stat.S_IFDIR,
                                                                         stat.S_IFLNK]) | 0o644)]
    def make_chdir(self): return ["/tmp" if self.random.random() < 0.6 else self.path(0.1)]
    def make_getcwd(self): return []
    def make_umask(self): return ["%o" % self.random.choice([0, 0o22, 0o77, 0o27])]
    def make_hold(self): return [self.slot(), self.path(0.3), "%o" % self.random.choice([0, 0o2, 0o2, 0o102, 0o102, 0o2102])]
    def make_put(self): return [self.slot(), self.text()]
    def make_get(self): return [self.slot(), str(self.random.choice([0, 1, 3, 100, 5000]))]
    def make_seek(self): return [self.slot(), str(self.random.choice([0, 1, -1, 7, 4095, 9000, -9000])),
                                 str(self.random.randint(0, 2))]
    def make_cut(self): return [self.slot(), str(self.random.choice([0, 1, 5, 4096, 10000]))]
    def make_drop(self): return [self.slot()]
    def make_fstat(self): return [self.slot()]

    def mode(self): return self.random.choice([0o777] * 6 + [0o755, 0o755, 0o700, 0o644, 0o600, 0o1777, 0o555, 0o2775, 0o6755, 0o4777, 0])
    def text(self): return self.random.choice("xyz") * self.random.choice([0, 1, 2, 10, 4096, 5000])
    def slot(self): return str(self.random.randint(0, 3))

    # What each call does.
    def do_open(self, path, flags, mode):
        fd = syscall(OPEN, path, int(flags, 8) | os.O_NONBLOCK, int(mode, 8))
        if fd >= 0:
            os.close(fd)
        return min(fd, 0)

    def do_read(self, path):
        fd = syscall(OPEN, path, os.O_RDONLY | os.O_NONBLOCK)
        if fd < 0:
            return fd
        try:
            return self.summary(os.read(fd, 20000))
        except OSError as error:
            return -error.errno
        finally:
            os.close(fd)

    def do_write(self, path, flags, text):
        fd = syscall(OPEN, path, int(flags, 8) | os.O_NONBLOCK, 0o666)
        if fd < 0:
            return fd
        try:
            return os.write(fd, text.encode())
        except OSError as error:
            return -error.errno
        finally:
            os.close(fd)

    def do_mkdir(self, path, mode): return syscall(MKDIR, path, int(mode, 8))
    def do_rmdir(self, path): return syscall(RMDIR, path)
    def do_unlink(self, path): return syscall(UNLINK, path)
    def do_rename(self, old, new): return syscall(RENAME, old, new)
    def do_link(self, old, new): return syscall(LINK, old, new)
    def do_symlink(self, target, path): return syscall(SYMLINK, target, path)

    def do_readlink(self, path):
        buffer = ctypes.create_string_buffer(4096)
        count = syscall(READLINK, path, buffer, 4096)
        return count if count < 0 else buffer.raw[:count].decode()

    def do_stat(self, path):
        try:
            return describe(os.stat(path))
        except OSError as error:
            return -error.errno

    def do_lstat(self, path):
        try:
            return describe(os.lstat(path))
        except OSError as error:
            return -error.errno

    def do_list(self, path):
        fd = syscall(OPEN, path, os.O_RDONLY | os.O_DIRECTORY)
        if fd < 0:
            return fd
        try:
            buffer = ctypes.create_string_buffer(32768)
            count = syscall(GETDENTS64, fd, buffer, 32768)
            names, at = [], 0
            while at < count:
                length = int.from_bytes(buffer.raw[at + 16:at + 18], "little")
                names.append(buffer.raw[at + 19:at + length].split(b"\0")[0].decode()
                             + ":" + str(buffer.raw[at + 18]))
                at += length
            return count if count < 0 else " ".join(names)
        finally:
            os.close(fd)

    def do_access(self, path, mode): return syscall(439, -100, path, int(mode), 0x200)
    def do_chmod(self, path, mode): return syscall(CHMOD, path, int(mode, 8))
    def do_truncate(self, path, length): return syscall(TRUNCATE, path, int(length))
    def do_mknod(self, path, mode): return syscall(MKNOD, path, int(mode, 8), 259)
    def do_chdir(self, path): return syscall(CHDIR, path)

    def do_getcwd(self):
        buffer = ctypes.create_string_buffer(4096)
        count = syscall(GETCWD, buffer, 4096)
        return count if count < 0 else buffer.value.decode()

    def do_umask(self, mask): return "%o" % os.umask(int(mask, 8))

    def do_hold(self, slot, path, flags):
        self.do_drop(slot)
        fd = syscall(OPEN, path, int(flags, 8) | os.O_NONBLOCK, 0o666)
        if fd >= 0:
            self.slots[slot] = fd
        return min(fd, 0)

    def held(self, slot, action):
        try:
            return action(self.slots.get(slot, 999))
        except OSError as error:
            return -error.errno

    def do_put(self, slot, text): return self.held(slot, lambda fd: os.write(fd, text.encode()))
    def do_get(self, slot, count): return self.held(slot, lambda fd: self.summary(os.read(fd, int(count))))
    def do_seek(self, slot, offset, whence): return self.held(slot, lambda fd: os.lseek(fd, int(offset), int(whence)))
    def do_cut(self, slot, length): return syscall(FTRUNCATE, self.slots.get(slot, 999), int(length))
    def do_fstat(self, slot): return self.held(slot, lambda fd: describe(os.fstat(fd)))

    def do_drop(self, slot):
        fd = self.slots.pop(slot, None)
        if fd is None:
            return -9
        os.close(fd)
        return 0

    @staticmethod
    def summary(content):
        """Runs of equal bytes, such as 3x2y4\\0."""
        runs = []
        for byte in content.decode("latin1"):
            if runs and runs[-1][1] == byte:
                runs[-1][0] += 1
            else:
                runs.append([1, byte])
        return "".join("%d%s" % (n, "0" if b == "\0" else b) for n, b in runs) or "-"

    def run(self, calls):
        uid = 0
        for _ in range(calls):
            if self.random.random() < 0.1:
                uid = self.random.choice([0, 0, 1000])
            name, arguments = self.call()
            become(uid)
            answer = getattr(self, "do_" + name)(*arguments)
            shown = [self.summary(a.encode()) if name in ("write", "put") and a is arguments[-1] else a for a in arguments]
            if name == "link" and uid != 0 and answer == -errno.EPERM:
                continue  # may come from protected_hardlinks, which distributions set and the kernel does not
            print(uid, name, *shown, "=", answer)


def main():
    top = tempfile.mkdtemp(dir="/dev/shm")
    os.chmod(top, 0o755)
    os.mkdir(top + "/tmp")
    os.chmod(top + "/tmp", 0o777)
    os.setgroups([])
    os.umask(0o022)
    home = os.open("/", os.O_RDONLY)
    os.chroot(top)
    os.chdir("/tmp")
    try:
        Recorder(int(sys.argv[1])).run(int(sys.argv[2]))
    finally:
        become(0)
        os.fchdir(home)
        os.chroot(".")
        shutil.rmtree(top)


main()
