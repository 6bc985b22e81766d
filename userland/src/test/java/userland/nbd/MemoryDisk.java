// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import kernel.uapi.Errno;
import kernel.uapi.UserProcessor;

/** A disk in memory whose requests complete late and in any order, as the seed has it. Says so when two that overlap are under way and one of them is a mix. */
final class MemoryDisk implements Disk {
    final byte[] content;
    final List<String> done = new ArrayList<>();
    boolean readOnly;
    boolean canTrim = true;
    boolean canZeroFast = true;
    int failWith;
    /** Where a part begins that cannot be read. */
    long failFrom = Long.MAX_VALUE;

    int mostUnderWay;

    private final UserProcessor memory;
    private final int blockBytes;
    private final SplittableRandom random;
    private final List<DiskRequest> underWay = new ArrayList<>();

    MemoryDisk(UserProcessor memory, int sizeBytes, int blockBytes, long seed) {
        this.memory = memory;
        this.blockBytes = blockBytes;
        content = new byte[sizeBytes];
        random = new SplittableRandom(seed);
    }

    @Override
    public long sizeBytes() {
        return content.length;
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public boolean canTrim() {
        return canTrim;
    }

    @Override
    public boolean canZeroFast() {
        return canZeroFast;
    }

    @Override
    public void start(DiskRequest request) {
        if (request.diskOffset() % blockBytes != 0 || request.diskLength() % blockBytes != 0) {
            throw new AssertionError("the disk is asked for parts of blocks");
        }
        for (DiskRequest other : underWay) {
            boolean mixed = (!request.isAligned() && request.operation() == Operation.WRITE)
                    || (!other.isAligned() && other.operation() == Operation.WRITE);
            if (mixed && other.changesDisk() && request.changesDisk() && other.overlaps(request)) {
                throw new AssertionError("two writes of one block under way, one of them put together of parts");
            }
        }
        underWay.add(request);
        mostUnderWay = Math.max(mostUnderWay, underWay.size());
    }

    @Override
    public DiskRequest completed() {
        return underWay.isEmpty() || random.nextInt(4) > 0 ? null : finish();
    }

    private DiskRequest finish() {
        DiskRequest request = underWay.remove(random.nextInt(underWay.size()));
        boolean lost = request.operation() == Operation.READ && request.diskOffset() >= failFrom;
        int error = lost ? Errno.EIO : failWith;
        request.complete(error == 0 ? perform(request) : error);
        return request;
    }

    private int perform(DiskRequest request) {
        done.add(request.operation() + (request.isForcedUnitAccess() ? " FUA" : ""));
        int offset = (int) request.diskOffset();
        switch (request.operation()) {
            case READ -> memory.store(request.buffer(), content, offset, request.diskLength());
            case WRITE -> memory.load(request.buffer(), content, offset, request.diskLength());
            case TRIM, ZERO -> java.util.Arrays.fill(content, offset, offset + request.diskLength(), (byte) 0);
            case FLUSH -> {
                return 0;
            }
        }
        return 0;
    }

    @Override
    public void await() {
        if (underWay.isEmpty()) {
            throw new AssertionError("waiting for nothing would be for ever");
        }
    }

    @Override
    public int descriptor() {
        return 99;
    }

    @Override
    public int read(long address, long offset, int length) {
        if (offset % blockBytes != 0 || length % blockBytes != 0) {
            throw new AssertionError("the disk is asked for parts of blocks");
        }
        if (offset + length > content.length) {
            return Errno.EIO;
        }
        memory.store(address, content, (int) offset, length);
        return failWith;
    }

    boolean isIdle() {
        return underWay.isEmpty();
    }
}
