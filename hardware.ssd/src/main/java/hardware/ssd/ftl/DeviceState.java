// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.ftl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a device remembers of itself: counters of its life, the formats of its namespaces, how it was switched off. Guarded by the firmware's lock. */
public final class DeviceState {
    /** Tells this device from others. */
    public long uniqueId;

    public long powerCycles;
    public long unsafeShutdowns;
    public long bytesRead;
    public long bytesWritten;
    public long hostReads;
    public long hostWrites;
    public long mediaErrors;
    public long errorLogEntries;
    public long busyNanos;
    public long powerOnNanos;
    public long hostPages;
    public long pagesMoved;
    public long blocksCollected;
    public long blocksLevelled;
    public long mapPages;
    public long readRetries;
    public long pagesProgrammed;
    public long pagesRead;
    public long blocksErased;
    public long tornPages;
    /** Whether the last thing that happened was a shutdown. */
    public boolean clean;
    /** The format of each namespace. */
    public final byte[] formats;

    public DeviceState(int namespaces) {
        formats = new byte[namespaces];
    }

    void encode(byte[] page) {
        ByteBuffer to = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        to.putLong(uniqueId)
                .putLong(powerCycles)
                .putLong(unsafeShutdowns)
                .putLong(bytesRead)
                .putLong(bytesWritten);
        to.putLong(hostReads).putLong(hostWrites).putLong(mediaErrors).putLong(errorLogEntries);
        to.putLong(busyNanos).putLong(powerOnNanos).putLong(hostPages).putLong(pagesMoved);
        to.putLong(blocksCollected).putLong(blocksLevelled).putLong(mapPages).putLong(readRetries);
        to.putLong(pagesProgrammed).putLong(pagesRead).putLong(blocksErased).putLong(tornPages);
        to.put((byte) (clean ? 1 : 0)).put(formats);
        while (to.hasRemaining()) {
            to.put((byte) 0);
        }
    }

    void decode(byte[] page) {
        ByteBuffer from = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        uniqueId = from.getLong();
        powerCycles = from.getLong();
        unsafeShutdowns = from.getLong();
        bytesRead = from.getLong();
        bytesWritten = from.getLong();
        hostReads = from.getLong();
        hostWrites = from.getLong();
        mediaErrors = from.getLong();
        errorLogEntries = from.getLong();
        busyNanos = from.getLong();
        powerOnNanos = from.getLong();
        hostPages = from.getLong();
        pagesMoved = from.getLong();
        blocksCollected = from.getLong();
        blocksLevelled = from.getLong();
        mapPages = from.getLong();
        readRetries = from.getLong();
        pagesProgrammed = from.getLong();
        pagesRead = from.getLong();
        blocksErased = from.getLong();
        tornPages = from.getLong();
        clean = from.get() != 0;
        from.get(formats);
    }
}
