// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import kernel.api.block.BlockBuffer;
import kernel.api.context.ProcessContext;

/** The superblock in its block: fields by their offset, unsigned where they are shorter than what they come in. Held until it is closed. */
final class Superblock implements AutoCloseable {
    private final BlockBuffer buffer;
    private final int offset;

    /** @param offset where in the block it begins */
    Superblock(BlockBuffer buffer, int offset) {
        this.buffer = buffer;
        this.offset = offset;
    }

    /** The block that it is in. */
    long block() {
        return buffer.block();
    }

    int getInt(int field) {
        return buffer.getInt(offset + field);
    }

    /** A count or a number of 32 bits. */
    long getUnsigned(int field) {
        return getInt(field) & 0xffff_ffffL;
    }

    int getShort(int field) {
        return buffer.getShort(offset + field) & 0xffff;
    }

    void putInt(int field, long value) {
        buffer.putInt(offset + field, (int) value);
    }

    void putShort(int field, int value) {
        buffer.putShort(offset + field, (short) value);
    }

    boolean hasIncompatible(int feature) {
        return (getInt(SuperblockField.FEATURE_INCOMPAT) & feature) != 0;
    }

    boolean hasReadOnlyCompatible(int feature) {
        return (getInt(SuperblockField.FEATURE_RO_COMPAT) & feature) != 0;
    }

    /** The features of this kind that this code does not know. */
    int unknownIncompatible() {
        return getInt(SuperblockField.FEATURE_INCOMPAT) & ~SuperblockField.INCOMPAT_SUPPORTED;
    }

    /** The features of this kind that this code does not know. */
    int unknownReadOnlyCompatible() {
        return getInt(SuperblockField.FEATURE_RO_COMPAT) & ~SuperblockField.RO_COMPAT_SUPPORTED;
    }

    void markDirty() {
        buffer.markDirty();
    }

    /** Writes it and waits. 0 or a negative errno. */
    int sync(ProcessContext context) {
        return buffer.sync(context);
    }

    @Override
    public void close() {
        buffer.close();
    }
}
