// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.EEXIST;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOMEM;
import static kernel.uapi.Errno.EOPNOTSUPP;
import static kernel.uapi.Errno.EOVERFLOW;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.OpenFlags.O_RDWR;
import static kernel.uapi.OpenFlags.O_WRONLY;
import static kernel.uapi.Signal.SIGBUS;
import static kernel.uapi.Signal.SIGSEGV;
import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kernel.api.context.ProcessContext;
import kernel.api.device.CharacterDevice;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.memory.Gfp;
import kernel.api.memory.KernelMemory;
import kernel.api.memory.Mapping;
import kernel.core.Kernel;
import kernel.core.KernelConfig;
import kernel.core.device.DeviceBinding;
import kernel.core.execution.Doorbell;
import kernel.core.execution.Task;
import kernel.core.fixture.Booted;
import kernel.core.fixture.PagedFile;
import kernel.core.fixture.Script;
import kernel.core.fixture.User;
import kernel.core.module.LoadedModule;
import kernel.core.module.ModuleInfo;
import kernel.core.schedule.ExploringSchedule;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files in memory: whose pages they are, who learns of a write, and what is left when they are taken away. */
class MappedFileTest {
    private static final int PAGE = PagedFile.PAGE;
    private static final int READ = 1;
    private static final int READ_WRITE = 3;
    private static final int SHARED = 1;
    private static final int PRIVATE = 2;
    private static final int FIXED = 0x10;
    private static final int FIXED_NOREPLACE = 0x10_0000;
    private static final int POPULATE = 0x8000;
    private static final int MS_ASYNC = 1;
    private static final int MS_INVALIDATE = 2;
    private static final int MS_SYNC = 4;
    private static final int SCHEDULES = 300;

    private final Booted booted = Booted.withSeed(5);
    private final Kernel kernel = booted.kernel();
    private final PagedFile file = new PagedFile(kernel, 4 * PAGE);

    MappedFileTest() {
        booted.file("/f", file).file("/text", new Script("hello world"));
    }

    @AfterEach
    void close() {
        booted.close();
    }

    private static long map(User user, long fd, long pages, int protection, int flags, long firstPage) {
        return user.call(SystemCallNumber.MMAP, 0, pages * PAGE, protection, flags, fd, firstPage * PAGE);
    }

    private static long map(User user, long pages, int protection, int flags) {
        long address = map(user, user.open("/f", O_RDWR), pages, protection, flags, 0);
        assertThat(address).isPositive();
        return address;
    }

    private static int at(User user, long address) {
        return user.processor().loadByte(address);
    }

    private static void set(User user, long address, int value) {
        user.processor().storeByte(address, (byte) value);
    }

    private int inFile(long page, int offset) {
        return kernel.machine().memory().getInt(file.address(page) + offset) & 0xff;
    }

    // ---- reading and writing

    @Test
    void aMappingShowsTheFileFromItsOffset() {
        booted.run(user -> {
            long address = map(user, user.open("/f", O_RDONLY), 2, READ, SHARED, 1);
            assertThat(at(user, address)).isEqualTo(2);
            assertThat(at(user, address + 2 * PAGE - 1)).isEqualTo(3);
        });
        assertThat(file.log).containsExactly("mmap 1+2 shared", "read 1", "read 2", "release");
    }

    @Test
    void sharedWritesReachTheFileAndAreAnnouncedOnce() {
        booted.run(user -> {
            long address = map(user, 2, READ_WRITE, SHARED);
            assertThat(at(user, address + 9)).isEqualTo(1);
            set(user, address + 9, 77);
            set(user, address + 10, 78);
            set(user, address + PAGE, 79);
            assertThat(inFile(0, 9)).isEqualTo(77);
            assertThat(inFile(1, 0)).isEqualTo(79);
        });
        assertThat(file.log)
                .containsExactly(
                        "mmap 0+2 shared writable", "read 0", "makeWritable 0", "write 1", "makeWritable 1", "release");
    }

    @Test
    void afterAPageWasCleanedItsNextWriteIsAnnouncedAgain() {
        booted.run(user -> {
            long address = map(user, 1, READ_WRITE, SHARED);
            set(user, address, 5);
            assertThat(file.clean(0)).isTrue();
            assertThat(file.clean(0)).as("nobody can write").isFalse();
            assertThat(at(user, address)).isEqualTo(5);
            assertThat(file.isDirty(0)).isFalse();
            set(user, address, 6);
            assertThat(file.isDirty(0)).isTrue();
            assertThat(inFile(0, 0)).isEqualTo(6);
        });
        assertThat(file.log).filteredOn("makeWritable 0"::equals).hasSize(2);
    }

    @Test
    void privateWritesAreTheProcessesOwn() {
        booted.run(user -> {
            long address = map(user, 2, READ_WRITE, PRIVATE);
            assertThat(at(user, address)).isEqualTo(1);
            set(user, address, 9);
            set(user, address + PAGE, 9);
            assertThat(at(user, address + 1)).isEqualTo(1);
            assertThat(at(user, address + PAGE + 1)).isEqualTo(2);
            assertThat(inFile(0, 0)).isEqualTo(1);
            assertThat(inFile(1, 0)).isEqualTo(2);
        });
        assertThat(file.isDirty(0)).isFalse();
    }

    @Test
    void theKernelsCopiesGoThroughMappings() {
        booted.run(user -> {
            long shared = map(user, 1, READ_WRITE, SHARED);
            assertThat(user.read(user.open("/text", O_RDONLY), shared + 3, 5)).isEqualTo(5);
            assertThat(inFile(0, 3)).isEqualTo('h');
            assertThat(file.isDirty(0)).isTrue();
            long readOnly = map(user, 1, READ, PRIVATE);
            assertThat(user.read(user.open("/text", O_RDONLY), readOnly, 5)).isEqualTo(-EFAULT);
        });
    }

    // ---- bus errors

    @Test
    void behindTheEndOfTheFileIsABusError() {
        assertThat(booted.status(user -> {
                    long address = map(user, 6, READ_WRITE, SHARED);
                    assertThat(at(user, address + 3 * PAGE)).isEqualTo(4);
                    assertThat(user.read(user.open("/text", O_RDONLY), address + 4 * PAGE, 5))
                            .isEqualTo(-EFAULT);
                    return at(user, address + 4 * PAGE);
                }))
                .isEqualTo(SIGBUS);
    }

    @Test
    void aBusErrorCanBeHandled() {
        List<Integer> seen = new ArrayList<>();
        booted.run(user -> {
            long address = map(user, 5, READ_WRITE, SHARED);
            user.handle(SIGBUS, 0, signal -> {
                seen.add(signal);
                file.truncate(5 * PAGE);
            });
            set(user, address + 4 * PAGE, 3);
            assertThat(at(user, address + 4 * PAGE)).isEqualTo(3);
        });
        assertThat(seen).containsExactly(SIGBUS);
    }

    @Test
    void aPagerThatAnswersNonsenseIsReported() {
        booted.file("/bad", new FileOperations() {
            @Override
            public int mmap(ProcessContext context, OpenFile open, Mapping mapping) {
                mapping.setPager((faulting, offset, write) -> 0x1234);
                return 0;
            }
        });
        assertThat(booted.status(user -> at(user, map(user, user.open("/bad", O_RDONLY), 1, READ, SHARED, 0))))
                .isEqualTo(SIGBUS);
        assertThat(booted.logLines()).contains("pager of /bad answered 0x1234: contract violation");
    }

    // ---- pages that are taken away

    @Test
    void truncationTakesPagesAndCopiesAway() {
        booted.run(user -> {
            long shared = map(user, 4, READ_WRITE, SHARED);
            long copies = map(user, 4, READ_WRITE, PRIVATE);
            for (int page = 0; page < 4; page++) {
                set(user, shared + (long) page * PAGE, 50 + page);
                set(user, copies + (long) page * PAGE, 60 + page);
            }
            file.truncate(2 * PAGE);
            assertThat(at(user, shared + PAGE)).isEqualTo(51);
            assertThat(at(user, copies + PAGE)).isEqualTo(61);
            long text = user.open("/text", O_RDONLY);
            for (int page = 2; page < 4; page++) {
                assertThat(user.read(text, shared + (long) page * PAGE, 1)).isEqualTo(-EFAULT);
                assertThat(user.read(text, copies + (long) page * PAGE, 1)).isEqualTo(-EFAULT);
            }
            file.truncate(4 * PAGE);
            assertThat(at(user, copies + 3 * PAGE)).as("the file's again").isEqualTo(4);
        });
    }

    @Test
    void invalidationLeavesCopiesAlone() {
        booted.run(user -> {
            long shared = map(user, 1, READ_WRITE, SHARED);
            long copies = map(user, 1, READ_WRITE, PRIVATE);
            set(user, shared, 50);
            set(user, copies, 60);
            file.invalidate();
            assertThat(at(user, shared)).as("read again").isEqualTo(1);
            assertThat(at(user, copies)).isEqualTo(60);
        });
    }

    @Test
    void noPageIsLeftBehind() {
        long before = kernel.pages().freePages();
        booted.run(user -> {
            long shared = map(user, 4, READ_WRITE, SHARED);
            long copies = map(user, 4, READ_WRITE, PRIVATE);
            for (int page = 0; page < 4; page++) {
                set(user, shared + (long) page * PAGE, 1);
                at(user, copies + (long) page * PAGE);
                set(user, copies + (long) page * PAGE, 1);
            }
            long child = user.fork(own -> {
                set(own, shared, 3);
                set(own, copies, 3);
                at(own, copies + PAGE);
                return 0;
            });
            assertThat(user.waitFor(child)).isZero();
            assertThat(at(user, shared)).isEqualTo(3);
            assertThat(at(user, copies)).isEqualTo(1);
            user.call(SystemCallNumber.MUNMAP, copies + PAGE, PAGE);
        });
        assertThat(file.mappings().isEmpty()).isTrue();
        file.truncate(0);
        assertThat(kernel.pages().freePages()).isEqualTo(before);
    }

    @Test
    void aPageTakenAwayIsNobodyElsesBeforeItsProcessHasBeenInTheKernel() {
        long before = kernel.pages().freePages();
        booted.run(user -> {
            long address = map(user, 1, READ_WRITE, SHARED);
            set(user, address, 1);
            long mapped = kernel.pages().freePages();
            file.truncate(0);
            assertThat(kernel.pages().freePages()).isEqualTo(mapped);
            user.call(SystemCallNumber.MUNMAP, address, PAGE);
            assertThat(kernel.pages().freePages()).isGreaterThan(mapped);
        });
        assertThat(kernel.pages().freePages()).isEqualTo(before);
    }

    // ---- areas

    @Test
    void aMappingKeepsItsFileOpenUntilItsLastPartHasGone() {
        booted.run(user -> {
            long fd = user.open("/f", O_RDWR);
            long address = map(user, fd, 3, READ, SHARED, 0);
            user.call(SystemCallNumber.CLOSE, fd);
            user.call(SystemCallNumber.MUNMAP, address + PAGE, PAGE);
            assertThat(at(user, address + 2 * PAGE)).isEqualTo(3);
            user.call(SystemCallNumber.MUNMAP, address, PAGE);
            assertThat(file.log).doesNotContain("release");
            user.call(SystemCallNumber.MUNMAP, address + 2 * PAGE, PAGE);
            assertThat(file.log).endsWith("release");
        });
        assertThat(file.log).filteredOn("release"::equals).hasSize(1);
    }

    @Test
    void mapsShowsOffsetDeviceInodeAndPath() {
        booted.run(user -> {
            long address = map(user, user.open("/f", O_RDWR), 3, READ_WRITE, SHARED, 1);
            user.call(SystemCallNumber.MUNMAP, address + PAGE, PAGE);
            map(user, user.open("/f", O_RDONLY), 1, READ, PRIVATE, 2);
            String maps = kernel.execution().task((int) user.pid()) instanceof Proc self
                    ? self.memory().mapsText()
                    : "";
            assertThat(maps.lines().filter(line -> line.endsWith("/f")))
                    .satisfiesExactly(
                            line -> assertThat(line).contains(" rw-s 00001000 08:01 12 "),
                            line -> assertThat(line).contains(" r--p 00002000 08:01 12 "),
                            line -> assertThat(line).contains(" rw-s 00003000 08:01 12 "));
            assertThat(maps.lines().filter(line -> line.endsWith("/f")).map(line -> line.indexOf("/f")))
                    .containsOnly(73);
        });
    }

    @Test
    void whatTheFileWasNotOpenedForIsRefused() {
        booted.run(user -> {
            long readOnly = user.open("/f", O_RDONLY);
            assertThat(map(user, readOnly, 1, READ_WRITE, SHARED, 0)).isEqualTo(-EACCES);
            assertThat(map(user, user.open("/f", O_WRONLY), 1, READ, PRIVATE, 0))
                    .isEqualTo(-EACCES);
            assertThat(map(user, readOnly, 1, READ_WRITE, PRIVATE, 0)).isPositive();
            long shared = map(user, readOnly, 1, READ, SHARED, 0);
            assertThat(user.call(SystemCallNumber.MPROTECT, shared, PAGE, READ_WRITE))
                    .isEqualTo(-EACCES);
            assertThat(user.call(SystemCallNumber.MMAP, 0, PAGE, READ, SHARED, readOnly, 100))
                    .isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.MMAP, 0, PAGE, READ, SHARED, readOnly, Long.MAX_VALUE & -PAGE))
                    .isEqualTo(-EOVERFLOW);
            assertThat(user.call(SystemCallNumber.MMAP, 0, -1, READ, SHARED, readOnly, 0))
                    .isEqualTo(-ENOMEM);
            assertThat(user.call(SystemCallNumber.MMAP, 0, PAGE, READ, 3 | 0x80_0000, readOnly, 0))
                    .isEqualTo(-EOPNOTSUPP);
            assertThat(user.call(SystemCallNumber.MMAP, 0, PAGE, READ, 3, readOnly, 0))
                    .isPositive();
            assertThat(map(user, user.open("/text", O_RDWR), 1, READ, SHARED, 0))
                    .isEqualTo(-ENODEV);
        });
    }

    @Test
    void permissionsCanBeTakenAndGivenBack() {
        booted.run(user -> {
            long address = map(user, 1, READ_WRITE, SHARED);
            set(user, address, 9);
            assertThat(user.call(SystemCallNumber.MPROTECT, address, PAGE, READ))
                    .isZero();
            assertThat(user.read(user.open("/text", O_RDONLY), address, 1)).isEqualTo(-EFAULT);
            file.clean(0);
            assertThat(user.call(SystemCallNumber.MPROTECT, address, PAGE, READ_WRITE))
                    .isZero();
            assertThat(file.isDirty(0)).isFalse();
            set(user, address, 10);
            assertThat(file.isDirty(0)).isTrue();
        });
        assertThat(booted.status(user -> {
                    long address = map(user, 1, READ_WRITE, PRIVATE);
                    set(user, address, 9);
                    user.call(SystemCallNumber.MPROTECT, address, PAGE, READ);
                    set(user, address, 10);
                    return 0;
                }))
                .isEqualTo(SIGSEGV);
    }

    @Test
    void aFixedPlaceIsTakenOnlyIfThatWasSaid() {
        booted.run(user -> {
            long fd = user.open("/f", O_RDWR);
            long address = map(user, fd, 2, READ, SHARED, 0);
            assertThat(user.call(SystemCallNumber.MMAP, address, PAGE, READ, SHARED | FIXED_NOREPLACE, fd, 0))
                    .isEqualTo(-EEXIST);
            assertThat(user.call(SystemCallNumber.MMAP, address, PAGE, READ, SHARED | FIXED, fd, 3 * PAGE))
                    .isEqualTo(address);
            assertThat(at(user, address)).isEqualTo(4);
            assertThat(at(user, address + PAGE)).isEqualTo(2);
        });
    }

    @Test
    void populatedPagesAreThereAtOnce() {
        booted.run(user -> {
            map(user, 6, READ, SHARED | POPULATE);
            assertThat(file.log).containsExactly("mmap 0+6 shared", "read 0", "read 1", "read 2", "read 3", "read 4");
        });
    }

    // ---- msync, madvise

    @Test
    void msyncWritesTheSharedPartsBack() {
        booted.run(user -> {
            long address = map(user, user.open("/f", O_RDWR), 3, READ_WRITE, SHARED, 1);
            assertThat(user.call(SystemCallNumber.MSYNC, address + PAGE, 100, MS_SYNC | MS_INVALIDATE))
                    .isZero();
            assertThat(file.log).endsWith("sync 2+1");
            assertThat(user.call(SystemCallNumber.MSYNC, address, PAGE, MS_ASYNC))
                    .isZero();
            assertThat(file.log).endsWith("sync 2+1");
            assertThat(user.call(SystemCallNumber.MSYNC, address, 4 * PAGE, MS_SYNC))
                    .isEqualTo(-ENOMEM);
            assertThat(file.log).endsWith("sync 1+3");
            assertThat(user.call(SystemCallNumber.MSYNC, address + 1, PAGE, MS_SYNC))
                    .isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.MSYNC, address, PAGE, MS_SYNC | MS_ASYNC))
                    .isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.MSYNC, address, PAGE, 8)).isEqualTo(-EINVAL);
            long own = map(user, 1, READ_WRITE, PRIVATE);
            int asked = file.log.size();
            assertThat(user.call(SystemCallNumber.MSYNC, own, PAGE, MS_SYNC)).isZero();
            assertThat(file.log).hasSize(asked);
        });
    }

    @Test
    void forgottenCopiesAreTheFilesAgain() {
        booted.run(user -> {
            long address = map(user, 1, READ_WRITE, PRIVATE);
            set(user, address, 9);
            assertThat(user.call(SystemCallNumber.MADVISE, address, PAGE, 4)).isZero();
            assertThat(at(user, address)).isEqualTo(1);
            long anonymous = user.call(SystemCallNumber.MMAP, 0, PAGE, READ_WRITE, 0x22, -1, 0);
            set(user, anonymous, 9);
            user.call(SystemCallNumber.MADVISE, anonymous, PAGE, 4);
            assertThat(at(user, anonymous)).isZero();
            long common = user.call(SystemCallNumber.MMAP, 0, PAGE, READ_WRITE, 0x21, -1, 0);
            set(user, common, 9);
            user.call(SystemCallNumber.MADVISE, common, PAGE, 4);
            assertThat(at(user, common)).as("shared memory keeps its contents").isEqualTo(9);
            assertThat(user.call(SystemCallNumber.MADVISE, address, PAGE, 1)).isZero();
            assertThat(user.call(SystemCallNumber.MADVISE, address, PAGE, 99)).isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.MADVISE, address + 1, PAGE, 4))
                    .isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.MADVISE, 0x5000_0000L, PAGE, 4))
                    .isEqualTo(-ENOMEM);
        });
    }

    // ---- devices

    /** A device whose buffer can be mapped. */
    private static final class Frames implements CharacterDevice {
        private final KernelMemory buffer;

        Frames(KernelMemory buffer) {
            this.buffer = buffer;
        }

        @Override
        public String driverName() {
            return "frames";
        }

        @Override
        public int minor() {
            return 0;
        }

        @Override
        public int mmap(ProcessContext context, OpenFile open, Mapping mapping) {
            mapping.setPager((faulting, offset, write) -> buffer.physicalAddress() + offset);
            return 0;
        }
    }

    @Test
    void aDevicesMemoryGoesWithIt() {
        BusDevice bell = kernel.machine().bus().attach(new Doorbell(Trigger.LEVEL));
        LoadedModule module = kernel.modules()
                .add(
                        new ModuleInfo("frames", "frames.jar", 1, "", "Apache-2.0", List.of(), List.of(), List.of()),
                        Map.of());
        kernel.modules().live(module);
        DeviceBinding binding = kernel.call("insmod", context -> {
            DeviceBinding fresh = kernel.devices().newBinding(bell, module, "frames", (Task) context);
            fresh.register(new Frames(fresh.allocate(2 * PAGE, Gfp.KERNEL)));
            fresh.probed();
            return fresh;
        });
        long before = kernel.pages().freePages();
        assertThat(booted.status(user -> {
                    long address = map(user, user.open("/dev/frames", O_RDWR), 2, READ_WRITE, SHARED, 0);
                    set(user, address + PAGE, 3);
                    assertThat(user.waitFor(user.fork(own -> at(own, address + PAGE))))
                            .isEqualTo(3 << 8);
                    kernel.execution().startKernelThread("rmmod", binding::release);
                    user.sleep(1_000_000);
                    return at(user, address + PAGE);
                }))
                .isEqualTo(SIGBUS);
        assertThat(kernel.pages().freePages()).isEqualTo(before + 2);
        assertThat(module.references()).isZero();
    }

    // ---- races

    @Test
    void nobodyKeepsAPageThatWasTruncatedWhileHeWasOnHisWayWithIt() {
        for (long seed = 0; seed < SCHEDULES; seed++) {
            try (Booted explored = new Booted(KernelConfig.deterministic(seed).withSchedule(ExploringSchedule::new))) {
                PagedFile slow = new PagedFile(explored.kernel(), PAGE);
                slow.dawdling = true;
                explored.file("/f", slow);
                long turns = seed % 60;
                long before = explored.kernel().pages().freePages();
                explored.run(user -> {
                    long address = map(user, 1, READ_WRITE, turns % 2 == 0 ? SHARED : PRIVATE);
                    long child = user.fork(own -> {
                        at(own, address);
                        while (slow.size() > 0) {
                            own.sleep(1_000);
                        }
                        own.sleep(1_000);
                        return at(own, address);
                    });
                    for (long calls = turns; calls > 0; calls--) {
                        user.pid();
                    }
                    slow.truncate(0);
                    assertThat(user.waitFor(child)).isEqualTo(SIGBUS);
                });
                assertThat(explored.kernel().pages().freePages())
                        .as("seed " + seed)
                        .isEqualTo(before);
            }
        }
    }

    @Test
    void noWriteToACleanPageGoesUnannounced() {
        for (long seed = 0; seed < SCHEDULES; seed++) {
            try (Booted explored = new Booted(KernelConfig.deterministic(seed).withSchedule(ExploringSchedule::new))) {
                PagedFile slow = new PagedFile(explored.kernel(), PAGE);
                slow.dawdling = true;
                explored.file("/f", slow);
                explored.run(user -> {
                    long address = map(user, 1, READ_WRITE, SHARED);
                    long child = user.fork(own -> {
                        set(own, address, 8);
                        return 0;
                    });
                    at(user, address);
                    slow.clean(0);
                    int written = explored.kernel().machine().memory().getInt(slow.address(0)) & 0xff;
                    user.waitFor(child);
                    assertThat(written == 8 || slow.isDirty(0)).isTrue();
                });
            }
        }
    }

    /** Really side by side: what a program has stored is in what was written back, or its page is dirty. */
    @Test
    void noStoreIsLostBesideAWriteBack() {
        try (Booted live = Booted.live()) {
            PagedFile shared = new PagedFile(live.kernel(), PAGE);
            live.file("/f", shared);
            boolean[] done = new boolean[1];
            int[] writtenBack = new int[1];
            Thread[] writer = new Thread[1];
            live.run(user -> {
                long address = map(user, 1, READ_WRITE, SHARED);
                user.processor().storeInt(address, 0);
                writer[0] = Thread.ofPlatform().start(() -> {
                    while (!isDone(done)) {
                        shared.clean(0);
                        writtenBack[0] = live.kernel().machine().memory().getInt(shared.address(0));
                    }
                });
                for (int i = 1; i <= 200_000; i++) {
                    user.processor().storeInt(address, i);
                }
                finish(done, writer[0]);
                assertThat(shared.isDirty(0) || writtenBack[0] == 200_000)
                        .as("written back " + writtenBack[0])
                        .isTrue();
            });
        }
    }

    private static boolean isDone(boolean[] done) {
        synchronized (done) {
            return done[0];
        }
    }

    private static void finish(boolean[] done, Thread writer) {
        synchronized (done) {
            done[0] = true;
        }
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
