// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static drivers.ssd.Disks.impatient;
import static drivers.ssd.Disks.openDirect;
import static drivers.ssd.Disks.pages;
import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.ssd.SsdModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SplittableRandom;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.Test;
import testkit.TestKernel;
import userland.libc.Libc;

/**
 * Power cut at a step of the disk's firmware, under a program that writes and syncs by way of the whole stack. What was synced is there afterwards; what was
 * not is, page by page, something that was written since, never torn and never something else.
 */
final class SsdPowerCutTest {
    private static final int PAGE = 4096;
    private static final int PAGES = 24;
    private static final int OPERATIONS = 200;
    private static final int SYNC_EVERY = 7;
    /** Cuts of an ordinary run, spread over the steps by the seed; a campaign cuts at every step. */
    private static final int CUTS = 60;

    private static final long SEED = 20;
    /** Workloads of a campaign. */
    private static final int SEEDS = 5;

    /** What the program knows: for each page the last number that it wrote, and the last that a sync has promised. */
    private static final class Ledger {
        private final int[] written = new int[PAGES];
        private final int[] synced = new int[PAGES];
    }

    private static SsdModel disk() {
        return new SsdModel(hardware.ssd.SsdParameters.of(Map.of(
                "capacity",
                "1M",
                "profile",
                "nvme",
                "cache",
                "32K",
                "pages_per_block",
                "8",
                "channels",
                "2",
                "dies",
                "1")));
    }

    /** Writes and syncs until the end or the first error. */
    private static int work(Libc libc, Ledger ledger, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int fd = openDirect(libc);
        long memory = pages(libc, PAGE);
        for (int operation = 1; operation <= OPERATIONS; operation++) {
            if (operation % SYNC_EVERY == 0) {
                int[] before = ledger.written.clone();
                if (libc.raw().call(SystemCallNumber.FSYNC, fd) < 0) {
                    return 1;
                }
                System.arraycopy(before, 0, ledger.synced, 0, PAGES);
                continue;
            }
            int page = random.nextInt(PAGES);
            libc.processor().store(memory, filled(operation), 0, PAGE);
            // It may be on flash even when the program is told that it is not.
            ledger.written[page] = operation;
            if (libc.raw().call(SystemCallNumber.PWRITE64, fd, memory, PAGE, (long) page * PAGE, 0, 0) < 0) {
                return 1;
            }
        }
        return 0;
    }

    private static byte[] filled(int number) {
        ByteBuffer bytes = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putInt(number);
        }
        return bytes.array();
    }

    /** What is wrong with what is on the disk, or nothing. */
    private static String complaint(Libc libc, Ledger ledger) {
        int fd = openDirect(libc);
        long memory = pages(libc, PAGE);
        byte[] read = new byte[PAGE];
        for (int page = 0; page < PAGES; page++) {
            long count = libc.raw().call(SystemCallNumber.PREAD64, fd, memory, PAGE, (long) page * PAGE, 0, 0);
            if (count != PAGE) {
                return "page " + page + " cannot be read: " + count;
            }
            libc.processor().load(memory, read, 0, PAGE);
            ByteBuffer words = ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
            int number = words.getInt();
            while (words.hasRemaining()) {
                if (words.getInt() != number) {
                    return "page " + page + " is torn";
                }
            }
            if (number < ledger.synced[page] || number > ledger.written[page]) {
                return "page %d holds %d; synced %d, written %d"
                        .formatted(page, number, ledger.synced[page], ledger.written[page]);
            }
        }
        return "";
    }

    /** A run with a cut at that step, 0 for none; how many steps there were. */
    private static long run(long seed, long cut) {
        try (TestKernel kernel = TestKernel.exploring(seed, 2)) {
            SsdModel model = disk();
            BusDevice device = kernel.plug(model);
            kernel.bind(device, "ssd", bound -> new SsdDriver(bound, impatient()));
            long before = model.steps();
            if (cut > 0) {
                model.powerCutAfterSteps(cut);
            }
            Ledger ledger = new Ledger();
            int result = kernel.run("work", libc -> work(libc, ledger, seed));
            // A cut at one of the last steps comes when the program is through already.
            assertThat(result).as("seed %d, cut at step %d", seed, cut).isBetween(0, cut > 0 ? 1 : 0);
            long steps = model.steps() - before;
            assertThat(kernel.unbind(device)).isTrue();
            model.powerOn();
            kernel.bind(device, "ssd", bound -> new SsdDriver(bound, impatient()));
            String[] complaint = new String[1];
            kernel.run("check", libc -> {
                complaint[0] = complaint(libc, ledger);
                return 0;
            });
            assertThat(complaint[0]).as("seed %d, cut at step %d", seed, cut).isEmpty();
            return steps;
        }
    }

    @Test
    void whatWasSyncedIsThereAfterAPowerCutAtAnyStep() {
        long steps = run(SEED, 0);
        assertThat(steps).isGreaterThan(OPERATIONS);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < CUTS; i++) {
            run(SEED, 1 + random.nextLong(steps - 1));
        }
        if (Boolean.getBoolean("ubend.campaign")) {
            for (long seed = SEED; seed < SEED + SEEDS; seed++) {
                long last = run(seed, 0);
                for (long cut = 1; cut < last; cut++) {
                    run(seed, cut);
                }
            }
        }
    }
}
