// SPDX-License-Identifier: Apache-2.0
package integration.tests.disk;

import static kernel.uapi.Errno.EIO;

import hardware.machine.memory.PhysicalMemory;
import java.util.Arrays;
import java.util.function.Predicate;
import kernel.api.block.BlockDriver;
import kernel.api.block.BlockOperation;
import kernel.api.block.BlockRequest;
import kernel.api.block.Disk;
import kernel.api.block.DiskLimits;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;

/** A disk in an array, whose requests end at once. */
final class RamDisk implements BlockDriver {
    private static final long TIMEOUT_NANOS = 30_000_000_000L;
    private static final int LARGEST_BYTES = 1 << 20;

    final byte[] content;
    final Disk disk;
    Predicate<BlockRequest> fails = request -> false;
    private final PhysicalMemory memory;

    RamDisk(BoundDevice device, PhysicalMemory memory, byte[] content) {
        this.memory = memory;
        this.content = content;
        DiskLimits limits = new DiskLimits(512, 4096, LARGEST_BYTES, 128, 1, 1 << 20, 512, 1 << 20, true, false, false);
        disk = device.block()
                .addDisk(
                        device.initContext(),
                        device.block().newTagSet(this, 1, 32, TIMEOUT_NANOS),
                        "ram0",
                        content.length >> 9,
                        limits,
                        null);
    }

    @Override
    public int queueRequest(Context context, BlockRequest request, boolean last) {
        request.complete(context, fails.test(request) ? -EIO : perform(request));
        return 0;
    }

    private int perform(BlockRequest request) {
        int at = (int) request.sector() << 9;
        if (!request.operation().hasData()) {
            if (request.operation() != BlockOperation.FLUSH) {
                Arrays.fill(content, at, at + (int) request.bytes(), (byte) 0);
            }
            return 0;
        }
        for (int i = 0; i < request.data().size(); i++) {
            int bytes = request.data().bytes(i);
            if (request.operation() == BlockOperation.READ) {
                memory.write(request.data().physicalAddress(i), content, at, bytes);
            } else {
                memory.read(request.data().physicalAddress(i), content, at, bytes);
            }
            at += bytes;
        }
        return 0;
    }

    @Override
    public TimeoutAction timedOut(ProcessContext context, BlockRequest request) {
        return TimeoutAction.WAIT_AGAIN;
    }
}
