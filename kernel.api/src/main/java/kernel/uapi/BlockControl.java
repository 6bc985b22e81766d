// SPDX-License-Identifier: Apache-2.0
package kernel.uapi;

/** The ioctl commands of block devices (Linux: include/uapi/linux/fs.h). Ranges are two longs in user memory: first byte and length, both in bytes. */
public final class BlockControl {
    /** Reads an int: not 0 for a device that is read-only from now on. EACCES for those who are not root. */
    public static final int BLKROSET = 0x125d;
    /** Writes an int: 1 when the device is read-only. */
    public static final int BLKROGET = 0x125e;
    /** Reads the partition table again. */
    public static final int BLKRRPART = 0x125f;
    /** Writes a long: the size in sectors of 512 bytes. */
    public static final int BLKGETSIZE = 0x1260;
    /** Writes what is dirty and drops the device's page cache. */
    public static final int BLKFLSBUF = 0x1261;
    /** Writes an int: the logical block in bytes. */
    public static final int BLKSSZGET = 0x1268;
    /** Discards a range. EINVAL when it is not aligned or beyond the end, EOPNOTSUPP when the device knows no discard. */
    public static final int BLKDISCARD = 0x1277;
    /** Writes an int: the smallest transfer that is not slow, in bytes. */
    public static final int BLKIOMIN = 0x1278;
    /** Writes an int: the best transfer in bytes, 0 when the device does not say. */
    public static final int BLKIOOPT = 0x1279;
    /** Writes an int: by how many bytes the beginning misses a physical block. */
    public static final int BLKALIGNOFF = 0x127a;
    /** Writes an int: the physical block in bytes. */
    public static final int BLKPBSZGET = 0x127b;
    /** Writes an int: 0, as Linux has done since 4.12. */
    public static final int BLKDISCARDZEROES = 0x127c;
    /** Writes a short: 1 when the disk turns. */
    public static final int BLKROTATIONAL = 0x127e;
    /** Makes a range read as zeroes. */
    public static final int BLKZEROOUT = 0x127f;
    /** Writes an int: the unit of the page cache's buffers, in bytes. */
    public static final int BLKBSZGET = 0x8008_1270;
    /** Writes a long: the size in bytes. */
    public static final int BLKGETSIZE64 = 0x8008_1272;

    private BlockControl() {}
}
