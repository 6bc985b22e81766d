// SPDX-License-Identifier: Apache-2.0
package integration.tests.machine;

import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENXIO;
import static kernel.uapi.OpenFlags.O_RDONLY;

import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import userland.libc.Libc;
import userland.libc.SystemCallException;

/**
 * A process that reads a sensor as it comes from the shop without end: when the sensor goes it is told ENODEV, closes the file and tries to open the node until there is one
 * again. Anything else that happens to it ends it with a complaint.
 */
public final class PersistentReader {
    /** The node has gone, or is about to, or the next sensor is not quite there. */
    private static final Set<Integer> AWAY = Set.of(ENOENT, ENODEV, ENXIO);

    private final String node;
    private final AtomicInteger openings = new AtomicInteger();
    private final AtomicInteger readings = new AtomicInteger();
    private final AtomicInteger losses = new AtomicInteger();
    private final AtomicReference<RuntimeException> trouble = new AtomicReference<>();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final TestProcess process;

    private PersistentReader(TestMachine machine, String node) {
        this.node = node;
        process = machine.start("reader", this::run);
    }

    public static PersistentReader start(TestMachine machine, String node) {
        return new PersistentReader(machine, node);
    }

    /** How many temperatures it has read. */
    public int readings() {
        check();
        return readings.get();
    }

    /** How often it has opened the node. */
    public int openings() {
        check();
        return openings.get();
    }

    /** How often the sensor went while it had it open. */
    public int losses() {
        check();
        return losses.get();
    }

    /** Ends it, and fails when it has something to complain of. */
    public void stop() {
        enough.set(true);
        int status = process.await().status();
        check();
        if (status != 0) {
            throw new AssertionError(process + " ended with " + process.await());
        }
    }

    private void check() {
        if (trouble.get() != null) {
            throw new AssertionError(process + " gave up", trouble.get());
        }
    }

    private int run(Libc libc) {
        try {
            while (!enough.get()) {
                openAndRead(libc);
            }
            return 0;
        } catch (RuntimeException e) {
            trouble.set(e);
            return 1;
        }
    }

    private void openAndRead(Libc libc) {
        int fd = open(libc);
        if (fd >= 0) {
            openings.incrementAndGet();
            readToTheEnd(libc, fd);
            libc.close(fd);
        }
    }

    private int open(Libc libc) {
        try {
            return libc.open(node, O_RDONLY);
        } catch (SystemCallException e) {
            if (!AWAY.contains(e.errno())) {
                throw e;
            }
            libc.processes().schedYield();
            return -1;
        }
    }

    private void readToTheEnd(Libc libc, int fd) {
        try {
            while (!enough.get()) {
                String text = TestMachine.readOnce(libc, fd);
                if (!text.matches("21\\.[45]\\d\\d\n")) {
                    throw new IllegalStateException("'" + text + "' is not the temperature here");
                }
                readings.incrementAndGet();
            }
        } catch (SystemCallException.NoSuchDevice _) {
            losses.incrementAndGet();
        }
    }
}
