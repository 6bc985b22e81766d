// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import kernel.api.block.BlockBuffer;
import kernel.uapi.FileMode;

/** What an inode says, in memory (Linux: struct ext2_inode_info). Times are seconds since the epoch. Guarded by the kernel's lock on the file. */
final class InodeData {
    static final int OVERFLOW_OWNER = 65534;
    private static final int SHORT_MAX = 0xffff;

    final long number;
    final int[] pointers = new int[InodeField.POINTER_COUNT];
    int mode;
    int user;
    int group;
    int links;
    long size;
    /** Including what the format itself takes for the file; in units of 512 bytes. */
    long sectors;

    int accessed;
    int changed;
    int modified;
    int deleted;
    int flags;
    int generation;
    long attributeBlock;
    /** Not on the device: between which two moments that made everything durable it got its last name, see {@link WriteOrder}. */
    long namedInEpoch;

    InodeData(long number) {
        this.number = number;
    }

    boolean isDirectory() {
        return FileMode.isDirectory(mode);
    }

    boolean isRegular() {
        return FileMode.isRegular(mode);
    }

    boolean isDevice() {
        int type = mode & FileMode.S_IFMT;
        return type == FileMode.S_IFBLK || type == FileMode.S_IFCHR;
    }

    /** A link whose target is in the place of the pointers: all its sectors are its attributes'. */
    boolean isFastLink(int sectorsPerBlock) {
        return FileMode.isLink(mode) && sectors == (attributeBlock == 0 ? 0 : sectorsPerBlock);
    }

    /** Whether the pointers are pointers. */
    boolean hasBlocks(int sectorsPerBlock) {
        return isRegular() || isDirectory() || (FileMode.isLink(mode) && !isFastLink(sectorsPerBlock));
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** For a device: its number, in whichever of the two encodings. */
    long deviceNumber() {
        return pointers[0] != 0
                ? FileMode.device((pointers[0] >>> 8) & 0xff, pointers[0] & 0xff)
                : pointers[1] & 0xffff_ffffL;
    }

    /** The old encoding has eight bits for each half; what does not fit has the new one. */
    void setDeviceNumber(long device) {
        boolean old = FileMode.major(device) <= 0xff && FileMode.minor(device) <= 0xff;
        pointers[0] = old ? (FileMode.major(device) << 8) | FileMode.minor(device) : 0;
        pointers[1] = old ? 0 : (int) device;
    }

    /** Takes what the device has. With {@code shortOwners} owners have 16 bits only. */
    void load(BlockBuffer from, int at, boolean shortOwners) {
        mode = unsigned(from, at + InodeField.MODE);
        user = unsigned(from, at + InodeField.USER_LOW);
        group = unsigned(from, at + InodeField.GROUP_LOW);
        if (!shortOwners) {
            user |= unsigned(from, at + InodeField.USER_HIGH) << 16;
            group |= unsigned(from, at + InodeField.GROUP_HIGH) << 16;
        }
        links = unsigned(from, at + InodeField.LINKS);
        size = from.getInt(at + InodeField.SIZE_LOW) & 0xffff_ffffL;
        if (isRegular()) {
            size |= (long) from.getInt(at + InodeField.SIZE_HIGH) << 32;
        }
        sectors = from.getInt(at + InodeField.SECTORS) & 0xffff_ffffL;
        accessed = from.getInt(at + InodeField.ACCESS_TIME);
        changed = from.getInt(at + InodeField.CHANGE_TIME);
        modified = from.getInt(at + InodeField.MODIFICATION_TIME);
        deleted = from.getInt(at + InodeField.DELETION_TIME);
        flags = from.getInt(at + InodeField.FLAGS);
        generation = from.getInt(at + InodeField.GENERATION);
        attributeBlock = from.getInt(at + InodeField.ATTRIBUTE_BLOCK) & 0xffff_ffffL;
        for (int i = 0; i < pointers.length; i++) {
            pointers[i] = from.getInt(at + InodeField.POINTERS + i * Integer.BYTES);
        }
    }

    /** Leaves alone what this file system does not know of. */
    void store(BlockBuffer to, int at, boolean shortOwners) {
        to.putShort(at + InodeField.MODE, (short) mode);
        storeOwner(to, at + InodeField.USER_LOW, at + InodeField.USER_HIGH, user, shortOwners);
        storeOwner(to, at + InodeField.GROUP_LOW, at + InodeField.GROUP_HIGH, group, shortOwners);
        to.putShort(at + InodeField.LINKS, (short) links);
        to.putInt(at + InodeField.SIZE_LOW, (int) size);
        if (isRegular()) {
            to.putInt(at + InodeField.SIZE_HIGH, (int) (size >>> 32));
        }
        to.putInt(at + InodeField.SECTORS, (int) sectors);
        to.putInt(at + InodeField.ACCESS_TIME, accessed);
        to.putInt(at + InodeField.CHANGE_TIME, changed);
        to.putInt(at + InodeField.MODIFICATION_TIME, modified);
        to.putInt(at + InodeField.DELETION_TIME, deleted);
        to.putInt(at + InodeField.FLAGS, flags);
        to.putInt(at + InodeField.GENERATION, generation);
        to.putInt(at + InodeField.ATTRIBUTE_BLOCK, (int) attributeBlock);
        for (int i = 0; i < pointers.length; i++) {
            to.putInt(at + InodeField.POINTERS + i * Integer.BYTES, pointers[i]);
        }
    }

    private void storeOwner(BlockBuffer to, int low, int high, int owner, boolean shortOwners) {
        if (shortOwners) {
            to.putShort(low, (short) (owner >>> 16 == 0 ? owner : OVERFLOW_OWNER));
            to.putShort(high, (short) 0);
        } else {
            to.putShort(low, (short) (owner & SHORT_MAX));
            // What is deleted keeps the low half only, as e2fsck for old kernels expects it.
            to.putShort(high, (short) (deleted == 0 ? owner >>> 16 : 0));
        }
    }

    private static int unsigned(BlockBuffer from, int at) {
        return from.getShort(at) & SHORT_MAX;
    }
}
