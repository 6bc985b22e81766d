// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EFBIG;
import static kernel.uapi.Errno.ESTALE;
import static kernel.uapi.OpenFlags.O_TRUNC;

import java.util.Arrays;
import kernel.api.block.BlockDevice;
import kernel.api.context.ProcessContext;
import kernel.core.cache.FileBlocks;
import kernel.core.cache.FileMapping;
import kernel.core.cache.KernelBuffer;
import kernel.core.cache.ReadAhead;

/** A regular file on a disk: its bytes are in the page cache, and the file system says where they belong (Linux: mm/filemap.c, fs/mpage.c). */
final class DiskFile extends Inode implements FileBlocks {
    private final DiskFileSystem disk;
    private final FileMapping mapping;
    private volatile long sizeBytes;

    DiskFile(DiskFileSystem disk, long number, Birth birth, long sizeBytes) {
        super(disk, number, birth);
        this.disk = disk;
        this.sizeBytes = sizeBytes;
        mapping = disk.host().pageCache().newMapping(disk.source() + " inode " + number, this);
    }

    FileMapping mapping() {
        return mapping;
    }

    @Override
    int open(Opening opening) {
        if (opening.has(O_TRUNC)) {
            int error = truncate(opening.process(), 0);
            if (error != 0) {
                return error;
            }
        }
        opening.attach(opening.describe(new OpenDiskFile(this, opening.mount())));
        return 0;
    }

    /** Cuts, or extends with a hole; 0, -EFBIG, -EIO, -ENOSPC, -ESTALE. May sleep. */
    int truncate(ProcessContext context, long newSizeBytes) {
        if (newSizeBytes > disk.mounted().maxFileBytes()) {
            return -EFBIG;
        }
        disk().mutex().lock(context);
        try {
            if (disk().isEvicted()) {
                return -ESTALE;
            }
            dropPrivileges(context);
            int error = resize(context, newSizeBytes);
            if (error == 0) {
                modified(disk.host().wallClockNanos());
            }
            return error;
        } finally {
            disk().mutex().unlock(context);
        }
    }

    /** The first bytes, as many as there are, for exec. May sleep. */
    byte[] head(ProcessContext context, int lengthMax) {
        byte[] bytes = new byte[(int) Math.min(lengthMax, sizeBytes)];
        long count = mapping.read(context, new ReadAhead(), new KernelBuffer(bytes, 0, bytes.length), 0);
        return Arrays.copyOf(bytes, (int) Math.max(0, count));
    }

    private int resize(ProcessContext context, long newSizeBytes) {
        long old = sizeBytes;
        int error = 0;
        if (newSizeBytes > old) {
            error = mapping.zeroBehind(context, old);
        }
        if (error == 0 && newSizeBytes < old) {
            sizeBytes = newSizeBytes;
            error = mapping.truncate(context, newSizeBytes);
        }
        if (error == 0) {
            error = tellSize(context, newSizeBytes);
        }
        sizeBytes = error == 0 ? newSizeBytes : old;
        return error;
    }

    private int tellSize(ProcessContext context, long newSizeBytes) {
        int error = disk().withNode(context, () -> disk().node().resize(context, newSizeBytes));
        disk().attributesChanged();
        return error;
    }

    /** Bytes were written up to there. */
    void grewTo(ProcessContext context, long newSizeBytes) {
        sizeBytes = newSizeBytes;
        int error = tellSize(context, newSizeBytes);
        if (error != 0) {
            disk.log().error("inode " + number() + ": size not taken, error " + error);
        }
    }

    // ---- where its bytes are

    @Override
    public BlockDevice device() {
        return disk.blockDevice();
    }

    @Override
    public int blockBytes() {
        return disk.mounted().blockBytes();
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public long map(ProcessContext context, long block, boolean create) {
        return disk().withNodeLong(context, () -> {
            long place = disk().node().mapBlock(context, block, create);
            return place == 0 ? HOLE : place;
        });
    }

    @Override
    public boolean wasNew() {
        return disk().node().wasNew();
    }

    @Override
    public void becameDirty() {
        disk.host().pageCache().writeback().add(disk());
    }

    @Override
    public int syncRest(ProcessContext context) {
        int error = disk().writeInode(context, true);
        int flushed = device().flush(context);
        return error != 0 ? error : flushed;
    }

    @Override
    public void mappedPageWritten(ProcessContext context) {
        dropPrivileges(context);
        modified(disk.host().wallClockNanos());
    }

    @Override
    long blocks() {
        return disk().sectors();
    }
}
