// SPDX-License-Identifier: Apache-2.0
package kernel.api.block;

/**
 * What a disk can take (Linux: struct queue_limits). Sizes in bytes.
 *
 * @param logicalBlockBytes the unit of addressing: 512 to 4096, a power of two
 * @param physicalBlockBytes the unit that the device writes without reading; at least the logical block
 * @param maxBytes the largest request with data
 * @param maxSegments the most pieces of memory in a request
 * @param segmentBoundaryBytes a piece but the first begins, and a piece but the last ends, at a multiple of it (for lists of pages: 4096); 1 for none
 * @param maxDiscardBytes the largest discard; 0 when the device knows none
 * @param discardGranularityBytes what a discard should be aligned to; 0 when the device knows none
 * @param maxWriteZeroesBytes the largest write of zeroes without data; 0 when the device knows none
 * @param writeCache whether completed writes are durable only after a flush
 * @param forcedUnitAccess whether a write can be asked to be durable by itself
 * @param readOnly whether writes are refused
 */
public record DiskLimits(
        int logicalBlockBytes,
        int physicalBlockBytes,
        int maxBytes,
        int maxSegments,
        int segmentBoundaryBytes,
        long maxDiscardBytes,
        int discardGranularityBytes,
        long maxWriteZeroesBytes,
        boolean writeCache,
        boolean forcedUnitAccess,
        boolean readOnly) {}
