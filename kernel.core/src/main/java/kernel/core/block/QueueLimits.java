// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import kernel.api.block.BlockOperation;
import kernel.api.block.DiskLimits;

/** What a disk's requests are held to: the device's limits, and what was set below them by way of /sys (Linux: struct queue_limits, block/blk-settings.c). */
final class QueueLimits {
    /** Linux: BLK_DEF_MAX_SECTORS_CAP. */
    private static final int DEFAULT_MAX_BYTES = 1280 << 10;

    private static final int BLOCK_BYTES_MIN = 512;
    private static final int BLOCK_BYTES_MAX = 4096;

    private final DiskLimits device;
    private volatile int maxBytes;
    private volatile boolean writeCache;
    private volatile boolean readOnly;

    QueueLimits(DiskLimits device) {
        this.device = device;
        maxBytes = blocks(Math.min(device.maxBytes(), DEFAULT_MAX_BYTES));
        writeCache = device.writeCache();
        readOnly = device.readOnly();
    }

    /** What is wrong with a device's limits, or null. */
    static String complaint(DiskLimits limits) {
        int block = limits.logicalBlockBytes();
        if (block < BLOCK_BYTES_MIN || block > BLOCK_BYTES_MAX || !isPowerOfTwo(block)) {
            return "a logical block of " + block + " bytes";
        }
        if (limits.physicalBlockBytes() < block || !isPowerOfTwo(limits.physicalBlockBytes())) {
            return "a physical block of " + limits.physicalBlockBytes() + " bytes";
        }
        if (limits.maxBytes() < block || limits.maxSegments() < 1) {
            return "requests of " + limits.maxBytes() + " bytes in " + limits.maxSegments() + " pieces";
        }
        if (!isPowerOfTwo(limits.segmentBoundaryBytes())) {
            return "a segment boundary of " + limits.segmentBoundaryBytes() + " bytes";
        }
        if (limits.discardGranularityBytes() < 0
                || isPart(limits.maxDiscardBytes(), block)
                || isPart(limits.maxWriteZeroesBytes(), block)) {
            return "discards of %d bytes, zeroes of %d bytes"
                    .formatted(limits.maxDiscardBytes(), limits.maxWriteZeroesBytes());
        }
        return null;
    }

    private static boolean isPowerOfTwo(int value) {
        return value > 0 && (value & value - 1) == 0;
    }

    /** Something, but not one block. */
    private static boolean isPart(long bytes, int block) {
        return bytes < 0 || (bytes > 0 && bytes < block);
    }

    private int blocks(int bytes) {
        return bytes & -device.logicalBlockBytes();
    }

    DiskLimits device() {
        return device;
    }

    int logicalBlockBytes() {
        return device.logicalBlockBytes();
    }

    /** The largest request with data. */
    int maxBytes() {
        return maxBytes;
    }

    /** Returns whether that is possible: at least a page, at most what the device takes. */
    boolean setMaxBytes(long bytes) {
        if (bytes < Math.min(BLOCK_BYTES_MAX, device.maxBytes()) || bytes > device.maxBytes()) {
            return false;
        }
        maxBytes = blocks((int) bytes);
        return true;
    }

    int maxSegments() {
        return device.maxSegments();
    }

    /** Whether memory that ends there and memory that begins here cannot be in one request. */
    boolean isGap(long end, long begin) {
        return ((end | begin) & device.segmentBoundaryBytes() - 1) != 0;
    }

    /** The largest request without data, in whole blocks. */
    long maxRange(BlockOperation operation) {
        long bytes = operation == BlockOperation.DISCARD ? device.maxDiscardBytes() : device.maxWriteZeroesBytes();
        return bytes & -(long) device.logicalBlockBytes();
    }

    long granularity(BlockOperation operation) {
        return operation == BlockOperation.DISCARD ? device.discardGranularityBytes() : 0;
    }

    /** The most that a request of that kind may grow to. */
    long maxBytes(BlockOperation operation) {
        return operation.hasData() ? maxBytes : maxRange(operation);
    }

    /** Whether a flush means something. */
    boolean writeCache() {
        return writeCache;
    }

    /** What /sys says; a device without a cache does not get one by that. */
    void setWriteCache(boolean on) {
        writeCache = on && device.writeCache();
    }

    boolean forcedUnitAccess() {
        return device.forcedUnitAccess();
    }

    boolean readOnly() {
        return readOnly;
    }

    /** A device that refuses writes stays so. */
    void setReadOnly(boolean on) {
        readOnly = on || device.readOnly();
    }
}
