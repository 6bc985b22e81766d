// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import hardware.machine.bus.DeviceEnvironment;
import hardware.ssd.ftl.BackStore;
import hardware.ssd.ftl.DeviceState;
import hardware.ssd.ftl.FlashStore;
import hardware.ssd.ftl.Provision;
import hardware.ssd.ftl.RawStore;
import hardware.ssd.ftl.Storage;
import hardware.ssd.nand.Dies;
import hardware.ssd.nand.FirmwareClock;
import hardware.ssd.nand.HostFile;
import hardware.ssd.nand.ImageFile;
import hardware.ssd.nand.ImageLayout;
import hardware.ssd.nand.Nand;
import hardware.ssd.nand.NandFailures;
import hardware.ssd.nand.NandGeometry;
import hardware.ssd.nand.PagePool;
import hardware.ssd.nand.PowerSupply;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** What a disk keeps its data on: flash in memory, flash in an image file, or a plain file. */
final class Media implements AutoCloseable {
    /** Arrays of pages that are kept for reuse: more than any collection of garbage sets free at once. */
    private static final int POOLED_PAGES = 4096;

    private static final int PAGE = NandGeometry.PAGE_BYTES;
    private static final int BLOCK = 512;

    private final ImageLayout layout;
    private final ImageFile image;
    private final HostFile raw;

    private Media(ImageLayout layout, ImageFile image, HostFile raw) {
        this.layout = layout;
        this.image = image;
        this.raw = raw;
    }

    /**
     * What is behind the controller.
     *
     * @param namespaceBytes the size of each namespace
     */
    record Installed(
            FirmwareClock clock,
            PowerSupply power,
            Storage storage,
            DeviceState state,
            NandGeometry geometry,
            long namespaceBytes) {}

    /** @throws IllegalArgumentException the file cannot be used; the message says why, and nothing has changed */
    static Media open(SsdParameters parameters) {
        if (parameters.raw() != null) {
            return openRaw(parameters);
        }
        ImageLayout wanted = layout(parameters, parameters.capacityBytes());
        if (parameters.image() == null) {
            return new Media(wanted, null, null);
        }
        ImageFile image = ImageFile.open(parameters.image(), wanted, parameters.readOnly());
        boolean fits = false;
        try {
            check(parameters, image.layout());
            fits = true;
            return new Media(image.layout(), image, null);
        } finally {
            if (!fits) {
                image.close();
            }
        }
    }

    private static ImageLayout layout(SsdParameters parameters, long capacityBytes) {
        int pages = Math.toIntExact((capacityBytes + PAGE - 1) / PAGE);
        int blocksPerDie = Provision.blocksPerDie(
                parameters.channels(),
                parameters.dies(),
                parameters.pagesPerBlock(),
                pages,
                parameters.overprovisionPercent(),
                parameters.failures().factoryBad());
        NandGeometry geometry =
                new NandGeometry(parameters.channels(), parameters.dies(), blocksPerDie, parameters.pagesPerBlock());
        return new ImageLayout(geometry, pages, parameters.namespaces());
    }

    /** An image says itself how large it is; who says otherwise means another one. */
    private static void check(SsdParameters parameters, ImageLayout found) {
        long bytes = found.logicalPages() * PAGE;
        if (parameters.isGiven("capacity") && parameters.capacityBytes() != bytes) {
            throw new IllegalArgumentException("%s has a capacity of %d bytes, not %d"
                    .formatted(parameters.image(), bytes, parameters.capacityBytes()));
        }
        if (parameters.isGiven("namespaces") && parameters.namespaces() != found.namespaces()) {
            throw new IllegalArgumentException("%s has %d namespaces, not %d"
                    .formatted(parameters.image(), found.namespaces(), parameters.namespaces()));
        }
    }

    private static Media openRaw(SsdParameters parameters) {
        boolean sized = parameters.isGiven("capacity");
        HostFile file = HostFile.open(parameters.raw(), sized, parameters.readOnly());
        boolean fits = false;
        try {
            long length = file.length();
            if (length == 0 && sized && !file.isReadOnly()) {
                file.extend(parameters.capacityBytes());
                length = parameters.capacityBytes();
            }
            if (length == 0 || length % BLOCK != 0 || length / PAGE >= Integer.MAX_VALUE) {
                throw new IllegalArgumentException("%s is no disk: its length of %d bytes is not a multiple of %d"
                        .formatted(file.name(), length, BLOCK));
            }
            if (sized && length != parameters.capacityBytes()) {
                throw new IllegalArgumentException("%s has a length of %d bytes, not %d"
                        .formatted(file.name(), length, parameters.capacityBytes()));
            }
            fits = true;
            NandGeometry geometry =
                    new NandGeometry(parameters.channels(), parameters.dies(), 1, parameters.pagesPerBlock());
            return new Media(new ImageLayout(geometry, (length + PAGE - 1) / PAGE, 1), null, file);
        } finally {
            if (!fits) {
                file.close();
            }
        }
    }

    boolean isReadOnly() {
        return image == null ? raw != null && raw.isReadOnly() : image.isReadOnly();
    }

    /** Builds what is behind the controller. */
    Installed install(DeviceEnvironment environment, SsdParameters parameters) {
        FirmwareClock clock = new FirmwareClock();
        clock.set(environment.timeline().now());
        PowerSupply power = new PowerSupply();
        PagePool pool = new PagePool(POOLED_PAGES);
        DeviceState state = new DeviceState(layout.namespaces());
        state.uniqueId = environment.random().nextLong();
        Arrays.fill(state.formats, (byte) parameters.format());
        BackStore back = raw == null
                ? flash(environment.random(), parameters, clock, power, pool, state)
                : new RawStore(
                        raw,
                        new Dies(layout.geometry(), parameters.profile().flash, clock),
                        layout.geometry().dies(),
                        clock,
                        pool);
        Storage storage = new Storage(back, pool, power, clock, isReadOnly() ? 0 : parameters.cachePages());
        long namespaceBytes = raw == null ? layout.logicalPages() / layout.namespaces() * PAGE : raw.length();
        return new Installed(clock, power, storage, state, layout.geometry(), namespaceBytes);
    }

    private FlashStore flash(
            RandomGenerator random,
            SsdParameters parameters,
            FirmwareClock clock,
            PowerSupply power,
            PagePool pool,
            DeviceState state) {
        NandFailures failures = parameters.failures();
        if (image != null && image.isNew()) {
            Nand.manufacture(image, layout.geometry(), failures, random);
        }
        Nand nand =
                new Nand(layout.geometry(), parameters.profile().flash, failures, random, clock, power, pool, image);
        return new FlashStore(
                nand, clock, pool, state, (int) layout.logicalPages(), failures.endurance(), isReadOnly());
    }

    @Override
    public void close() {
        if (image != null) {
            image.close();
        }
        if (raw != null) {
            raw.close();
        }
    }
}
