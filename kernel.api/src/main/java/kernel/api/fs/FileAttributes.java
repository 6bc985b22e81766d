// SPDX-License-Identifier: Apache-2.0
package kernel.api.fs;

/** The attributes of a file on their way between kernel and file system; a plain carrier that its maker reuses. Times are nanoseconds since the epoch. */
public final class FileAttributes {
    public long number;
    /** File type and permissions, see {@link kernel.uapi.FileMode}. */
    public int mode;

    public int user;
    public int group;
    public int links;
    public long sizeBytes;
    /** What it takes on the device, in units of 512 bytes. */
    public long sectors;

    public long accessedNanos;
    public long modifiedNanos;
    public long changedNanos;
    /** For a device. */
    public long deviceNumber;
    /** Told apart by who uses a number again (NFS); 0 where there is none. */
    public int generation;
}
