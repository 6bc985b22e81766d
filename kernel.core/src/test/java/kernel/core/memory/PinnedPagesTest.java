// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.OpenFlags.O_RDWR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import kernel.api.dma.ScatterList;
import kernel.core.Kernel;
import kernel.core.fixture.Booted;
import kernel.core.fixture.PagedFile;
import kernel.core.fixture.User;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** User memory that a device works on stays where it is, and the process sees what the device wrote, whatever it does meanwhile. */
class PinnedPagesTest {
    private static final int PAGE = 4096;
    /** A system call of this test's: pins. */
    private static final int PIN = 500;

    private static final int FOR_READING = 0;
    private static final int FOR_WRITING = 1;

    private final Booted booted = Booted.withSeed(9);
    private final Kernel kernel = booted.kernel();
    private final PagedFile file = new PagedFile(kernel, 2 * PAGE);
    private final PinnedPages pinned = new PinnedPages(1);
    private final ScatterList list = new ScatterList(1);

    PinnedPagesTest() {
        booted.file("/f", file);
        kernel.systemCalls().register(PIN, (p, address, bytes, write, d, e, f) -> {
            list.clear();
            return pinned.pin(p, address, bytes, write == FOR_WRITING, list);
        });
    }

    @AfterEach
    void close() {
        booted.close();
    }

    private static long pages(User user, int count) {
        return user.call(SystemCallNumber.MMAP, 0, (long) count * PAGE, 3, 0x22, -1, 0);
    }

    private static int at(User user, long address) {
        return user.processor().loadByte(address);
    }

    private static void set(User user, long address, int value) {
        user.processor().storeByte(address, (byte) value);
    }

    /** What a device would do to the first byte. */
    private void deviceWrites(int value) {
        kernel.machine().memory().fill(list.physicalAddress(0), 1, (byte) value);
    }

    private int deviceReads() {
        return kernel.machine().memory().getInt(list.physicalAddress(0)) & 0xff;
    }

    @Test
    void theDeviceFindsThePiecesInOrder() {
        booted.run(user -> {
            long address = pages(user, 4);
            for (int i = 0; i < 4; i++) {
                set(user, address + (long) i * PAGE, i + 1);
            }
            assertThat(user.call(PIN, address + 100, 3 * PAGE, FOR_READING)).isEqualTo(3 * PAGE);
            assertThat(list.totalBytes()).isEqualTo(3 * PAGE);
            assertThat(list.physicalAddress(0) % PAGE).isEqualTo(100);
            byte[] seen = new byte[3 * PAGE];
            int done = 0;
            for (int i = 0; i < list.size(); i++) {
                kernel.machine().memory().read(list.physicalAddress(i), seen, done, list.bytes(i));
                done += list.bytes(i);
            }
            assertThat(seen[PAGE - 100]).isEqualTo((byte) 2);
            assertThat(seen[2 * PAGE - 100]).isEqualTo((byte) 3);
            assertThat(seen[3 * PAGE - 100]).isEqualTo((byte) 4);
            pinned.unpin(false);
            assertThat(pinned.isEmpty()).isTrue();
        });
    }

    @Test
    void neighboursAreJoined() {
        booted.run(user -> {
            long address = pages(user, 8);
            assertThat(user.call(PIN, address, 8 * PAGE, FOR_WRITING)).isEqualTo(8 * PAGE);
            long joints = IntStream.range(1, list.size())
                    .filter(i -> list.physicalAddress(i - 1) + list.bytes(i - 1) == list.physicalAddress(i))
                    .count();
            assertThat(joints).isZero();
            assertThat(list.size()).as("fresh memory lies side by side").isLessThan(8);
            assertThat(list.totalBytes()).isEqualTo(8 * PAGE);
            pinned.unpin(true);
        });
    }

    @Test
    void aRangeThatCannotBeReachedIsRefusedOrCutShort() {
        booted.run(user -> {
            long address = pages(user, 2);
            user.call(SystemCallNumber.MPROTECT, address + PAGE, PAGE, 1);
            assertThat(user.call(PIN, address + 8, 2 * PAGE, FOR_WRITING)).isEqualTo(PAGE - 8);
            pinned.unpin(false);
            assertThat(user.call(PIN, address + PAGE, 10, FOR_WRITING)).isEqualTo(-EFAULT);
            assertThat(user.call(PIN, address + PAGE, 10, FOR_READING)).isEqualTo(10);
            pinned.unpin(false);
            assertThat(user.call(PIN, 0x5000, 10, FOR_READING)).isEqualTo(-EFAULT);
            assertThat(user.call(PIN, AddressSpace.END, 10, FOR_READING)).isEqualTo(-EFAULT);
            assertThat(user.call(PIN, -4096, 10, FOR_READING)).isEqualTo(-EFAULT);
            assertThat(user.call(PIN, address, Long.MAX_VALUE, FOR_READING)).isEqualTo(-EFAULT);
            assertThat(user.call(PIN, address, 0, FOR_READING)).isZero();
            assertThat(pinned.isEmpty()).isTrue();
        });
    }

    @Test
    void pinnedMemoryOutlivesItsUnmappingAndItsProcess() {
        long before = kernel.pages().freePages();
        booted.run(user -> {
            long address = pages(user, 1);
            set(user, address, 7);
            user.call(PIN, address, PAGE, FOR_WRITING);
            user.call(SystemCallNumber.MUNMAP, address, PAGE);
            assertThat(deviceReads()).isEqualTo(7);
            long other = pages(user, 1);
            set(user, other, 1);
            deviceWrites(9);
            assertThat(at(user, other)).as("not the next one's page").isEqualTo(1);
        });
        assertThat(kernel.pages().freePages()).isEqualTo(before - 1);
        assertThat(deviceReads()).isEqualTo(9);
        pinned.unpin(true);
        assertThat(kernel.pages().freePages()).isEqualTo(before);
    }

    @Test
    void afterAForkTheParentHasThePageThatTheDeviceWrites() {
        long before = kernel.pages().freePages();
        booted.run(user -> {
            long address = pages(user, 1);
            set(user, address, 7);
            user.call(PIN, address, PAGE, FOR_WRITING);
            long child = user.fork(own -> {
                assertThat(at(own, address)).isEqualTo(7);
                own.sleep(1_000_000);
                int seen = at(own, address);
                set(own, address, 50);
                return seen;
            });
            set(user, address + 1, 8);
            deviceWrites(33);
            assertThat(at(user, address)).isEqualTo(33);
            assertThat(user.waitFor(child)).isEqualTo(7 << 8);
            assertThat(at(user, address)).isEqualTo(33);
            assertThat(at(user, address + 1)).isEqualTo(8);
            pinned.unpin(true);
        });
        assertThat(kernel.pages().freePages()).isEqualTo(before);
    }

    @Test
    void aPageSharedWithAChildIsCopiedBeforeADeviceWritesIt() {
        booted.run(user -> {
            long address = pages(user, 1);
            set(user, address, 7);
            long child = user.fork(own -> {
                own.sleep(1_000_000);
                return at(own, address);
            });
            assertThat(user.call(PIN, address, PAGE, FOR_WRITING)).isEqualTo(PAGE);
            deviceWrites(33);
            pinned.unpin(true);
            assertThat(at(user, address)).isEqualTo(33);
            assertThat(user.waitFor(child)).isEqualTo(7 << 8);
        });
    }

    @Test
    void changedPermissionsDoNotPartAPinnedPageFromItsProcess() {
        booted.run(user -> {
            long address = pages(user, 1);
            set(user, address, 7);
            user.call(PIN, address, PAGE, FOR_WRITING);
            user.call(SystemCallNumber.MPROTECT, address, PAGE, 1);
            user.call(SystemCallNumber.MPROTECT, address, PAGE, 3);
            set(user, address + 1, 8);
            deviceWrites(33);
            assertThat(at(user, address)).isEqualTo(33);
            pinned.unpin(true);
        });
    }

    @Test
    void aFileLearnsThatADeviceHasWrittenToItsPage() {
        booted.run(user -> {
            long fd = user.open("/f", O_RDWR);
            long address = user.call(SystemCallNumber.MMAP, 0, 2 * PAGE, 3, 1, fd, 0);
            assertThat(user.call(PIN, address + PAGE, 100, FOR_WRITING)).isEqualTo(100);
            assertThat(list.physicalAddress(0)).isEqualTo(file.address(1));
            file.clean(1);
            deviceWrites(33);
            assertThat(file.isDirty(1)).isFalse();
            pinned.unpin(true);
            assertThat(file.isDirty(1)).isTrue();
            assertThat(at(user, address + PAGE)).isEqualTo(33);
            user.call(PIN, address, 100, FOR_WRITING);
            file.clean(0);
            pinned.unpin(false);
            assertThat(file.isDirty(0)).as("nothing was written").isFalse();
        });
    }

    @Test
    void aPageThatIsTruncatedWhilePinnedIsNobodyElses() {
        long before = kernel.pages().freePages();
        booted.run(user -> {
            long fd = user.open("/f", O_RDWR);
            long address = user.call(SystemCallNumber.MMAP, 0, PAGE, 3, 1, fd, 0);
            user.call(PIN, address, PAGE, FOR_WRITING);
            file.truncate(0);
            user.call(SystemCallNumber.MUNMAP, address, PAGE);
            deviceWrites(33);
            assertThat(at(user, pages(user, 1))).isZero();
        });
        assertThat(kernel.pages().freePages()).isEqualTo(before - 1);
        pinned.unpin(false);
        assertThat(kernel.pages().freePages()).isEqualTo(before);
    }

    @Test
    void oneRangeAtATimeIsPinned() {
        booted.run(user -> {
            user.call(PIN, pages(user, 1), PAGE, FOR_READING);
            kernel.call("test", context -> {
                assertThatThrownBy(() -> pinned.pin(context, 0, 1, false, list))
                        .isInstanceOf(IllegalStateException.class);
                return null;
            });
            pinned.unpin(false);
        });
        assertThatThrownBy(() -> kernel.pages().unpin(list.physicalAddress(0) / PAGE))
                .hasMessageContaining("Bad page state");
    }
}
