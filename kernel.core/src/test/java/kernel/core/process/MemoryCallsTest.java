// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENOMEM;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.Signal.SIGKILL;
import static kernel.uapi.Signal.SIGSEGV;
import static org.assertj.core.api.Assertions.assertThat;

import kernel.core.KernelConfig;
import kernel.core.fixture.Booted;
import kernel.core.fixture.Script;
import kernel.core.fixture.User;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Does user memory come and go as it should, and is what is not there a segmentation fault? */
final class MemoryCallsTest {
    private static final int PAGE = 4096;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final int SHARED_ANONYMOUS = 0x21;

    private final Booted booted = Booted.withSeed(3).file("/text", new Script("hello world"));

    @AfterEach
    void close() {
        booted.close();
    }

    private static long map(User user, long hint, long length, int protection, int flags) {
        return user.call(SystemCallNumber.MMAP, hint, length, protection, flags, -1, 0);
    }

    @Test
    void aProcessLeavesNoPageBehind() {
        long before = booted.kernel().pages().freePages();
        booted.run(user -> {
            for (int i = 0; i < 20; i++) {
                user.processor().storeByte(user.allocate(PAGE), (byte) 1);
            }
            assertThat(booted.kernel().pages().freePages()).isLessThan(before - 20);
        });
        assertThat(booted.kernel().pages().freePages()).isEqualTo(before);
    }

    @Test
    void theHeapGrowsShrinksAndIsZeroEachTime() {
        booted.run(user -> {
            long start = user.call(SystemCallNumber.BRK, 0);
            assertThat(user.call(SystemCallNumber.BRK, start + 3 * PAGE)).isEqualTo(start + 3 * PAGE);
            user.processor().storeLong(start + PAGE, 7);
            assertThat(user.call(SystemCallNumber.BRK, start + 10)).isEqualTo(start + 10);
            user.call(SystemCallNumber.BRK, start + 3 * PAGE);
            assertThat(user.word(start + PAGE)).isZero();
            assertThat(user.call(SystemCallNumber.BRK, 5)).isEqualTo(start + 3 * PAGE);
            assertThat(user.call(SystemCallNumber.BRK, start + (1L << 40))).isEqualTo(start + 3 * PAGE);
            assertThat(user.call(SystemCallNumber.BRK, Long.MAX_VALUE)).isEqualTo(start + 3 * PAGE);
            assertThat(user.call(SystemCallNumber.BRK, -1)).isEqualTo(start + 3 * PAGE);
        });
    }

    @Test
    void aLoadFromNowhereIsASegmentationFaultAndTheLogSaysWhere() {
        int status = booted.status(user -> user.processor().loadByte(0));
        assertThat(status).isEqualTo(SIGSEGV);
        assertThat(booted.logLines().getLast())
                .matches("test\\[1]: segfault at 0 ip MemoryCallsTest\\.lambda\\S+\\+\\d+ error 4 likely on CPU \\d");
    }

    @Test
    void aStoreToReadOnlyMemoryIsASegmentationFault() {
        assertThat(booted.status(user -> {
                    long page = map(user, 0, PAGE, 1, PRIVATE_ANONYMOUS);
                    assertThat(user.word(page)).isZero();
                    user.processor().storeLong(page, 1);
                    return 0;
                }))
                .isEqualTo(SIGSEGV);
        assertThat(booted.logLines().getLast()).contains("error 7");
    }

    @Test
    void kernelAndNonCanonicalAddressesAreSegmentationFaults() {
        assertThat(booted.status(user -> user.processor().loadInt(0xffff_8880_0000_0000L)))
                .isEqualTo(SIGSEGV);
        assertThat(booted.status(user -> user.processor().loadInt(0x1234_0000_0000_0000L)))
                .isEqualTo(SIGSEGV);
    }

    @Test
    void accessesMayCrossPages() {
        booted.run(user -> {
            long start = map(user, 0, 2 * PAGE, 3, PRIVATE_ANONYMOUS);
            long across = start + PAGE - 3;
            user.processor().storeLong(across, 0x1122_3344_5566_7788L);
            assertThat(user.word(across)).isEqualTo(0x1122_3344_5566_7788L);
            user.processor().storeInt(across, 0x0a0b_0c0d);
            assertThat(user.number(across)).isEqualTo(0x0a0b_0c0d);
            byte[] bytes = new byte[6000];
            bytes[5999] = 42;
            user.processor().store(start + 100, bytes, 0, bytes.length);
            assertThat(user.processor().loadByte(start + 6099)).isEqualTo((byte) 42);
        });
    }

    @Test
    void mappingsComeWhereAskedAndGoPieceByPiece() {
        booted.run(user -> {
            long address = map(user, 0, 3 * PAGE, 3, PRIVATE_ANONYMOUS);
            user.processor().storeLong(address + 2 * PAGE, 5);
            assertThat(user.call(SystemCallNumber.MUNMAP, address + PAGE, PAGE)).isZero();
            assertThat(user.word(address + 2 * PAGE)).isEqualTo(5);
            assertThat(map(user, address + PAGE, PAGE, 3, PRIVATE_ANONYMOUS)).isEqualTo(address + PAGE);
            assertThat(map(user, 0x5000_0000L, PAGE, 3, PRIVATE_ANONYMOUS | 0x10))
                    .isEqualTo(0x5000_0000L);
            assertThat(user.call(SystemCallNumber.MUNMAP, address + 1, PAGE)).isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.MUNMAP, address, 0)).isEqualTo(-EINVAL);
        });
    }

    @Test
    void whatCannotBeMappedSaysWhy() {
        booted.run(user -> {
            long fd = user.open("/text", O_RDONLY);
            assertThat(map(user, 0, 0, 3, PRIVATE_ANONYMOUS)).isEqualTo(-EINVAL);
            assertThat(map(user, 0, PAGE, 3, 0x20)).isEqualTo(-EINVAL);
            assertThat(map(user, 0, 1L << 45, 3, PRIVATE_ANONYMOUS)).isEqualTo(-ENOMEM);
            assertThat(map(user, 123, PAGE, 3, PRIVATE_ANONYMOUS | 0x10)).isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.MMAP, 0, PAGE, 3, 2, 99, 0)).isEqualTo(-EBADF);
            assertThat(user.call(SystemCallNumber.MMAP, 0, PAGE, 3, 2, fd, 0)).isEqualTo(-kernel.uapi.Errno.ENODEV);
        });
    }

    @Test
    void protectionChanges() {
        assertThat(booted.status(user -> {
                    long address = map(user, 0, 2 * PAGE, 3, PRIVATE_ANONYMOUS);
                    user.processor().storeLong(address, 1);
                    assertThat(user.call(SystemCallNumber.MPROTECT, address, PAGE, 1))
                            .isZero();
                    assertThat(user.word(address)).isEqualTo(1);
                    user.processor().storeLong(address + PAGE, 1);
                    assertThat(user.call(SystemCallNumber.MPROTECT, address, 64 * PAGE, 1))
                            .isEqualTo(-ENOMEM);
                    assertThat(user.read(user.open("/text", O_RDONLY), address, 4))
                            .isEqualTo(-EFAULT);
                    user.processor().storeLong(address, 2);
                    return 0;
                }))
                .isEqualTo(SIGSEGV);
    }

    @Test
    void aForkedChildWritesToCopies() {
        booted.run(user -> {
            long page = user.allocate(PAGE);
            user.processor().storeLong(page, 1);
            long child = user.fork(own -> {
                assertThat(own.word(page)).isEqualTo(1);
                own.processor().storeLong(page, 2);
                assertThat(own.word(page)).isEqualTo(2);
                return 0;
            });
            user.processor().storeLong(page + 8, 3);
            assertThat(user.waitFor(child)).isZero();
            assertThat(user.word(page)).isEqualTo(1);
            assertThat(user.word(page + 8)).isEqualTo(3);
        });
    }

    @Test
    void sharedMemoryIsSharedWithAChild() {
        booted.run(user -> {
            long page = map(user, 0, PAGE, 3, SHARED_ANONYMOUS);
            long child = user.fork(own -> {
                own.processor().storeLong(page, 2);
                return 0;
            });
            assertThat(user.waitFor(child)).isZero();
            assertThat(user.word(page)).isEqualTo(2);
        });
    }

    @Test
    void thePageOfAChildThatHasGoneIsWrittenInPlace() {
        booted.run(user -> {
            long page = user.allocate(PAGE);
            user.processor().storeLong(page, 1);
            assertThat(user.waitFor(user.fork(own -> 0))).isZero();
            long before = booted.kernel().pages().freePages();
            user.processor().storeLong(page, 2);
            assertThat(booted.kernel().pages().freePages()).isEqualTo(before);
        });
    }

    @Test
    void whoUsesUpAllMemoryIsKilled() {
        try (Booted small = new Booted(KernelConfig.deterministic(1).withMemoryBytes(4 << 20))) {
            assertThat(small.status(user -> {
                        long address = map(user, 0, 3 << 20, 3, PRIVATE_ANONYMOUS);
                        for (long at = 0; at < 3 << 20; at += PAGE) {
                            user.processor().storeByte(address + at, (byte) 1);
                        }
                        return 0;
                    }))
                    .isEqualTo(SIGKILL);
            assertThat(small.logLines().getLast()).startsWith("Out of memory: Killed process 1 (test) total-vm:");
            assertThat(small.kernel().pages().freePages())
                    .isEqualTo(small.kernel().pages().totalPages());
        }
    }

    @Test
    void copiesStopAtTheFirstPageThatIsNotThere() {
        booted.run(user -> {
            long address = map(user, 0, 2 * PAGE, 3, PRIVATE_ANONYMOUS);
            user.call(SystemCallNumber.MUNMAP, address + PAGE, PAGE);
            long fd = user.open("/text", O_RDONLY);
            assertThat(user.read(fd, address + PAGE - 4, 11)).isEqualTo(4);
            assertThat(user.text(address + PAGE - 4, 4)).isEqualTo("hell");
        });
    }
}
