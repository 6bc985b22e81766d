// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import hardware.machine.bus.DeviceEnvironment;
import hardware.machine.bus.DeviceModel;
import hardware.machine.memory.PhysicalMemory;
import java.util.Arrays;
import kernel.api.block.BlockDriver;
import kernel.api.block.BlockOperation;
import kernel.api.block.BlockRequest;
import kernel.api.block.DiskLimits;
import kernel.api.block.TagSet;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;

/** A disk in an array for a whole kernel: a device without registers and its driver in one. Requests are done as they come. */
final class RamDisk implements DeviceModel, BlockDriver {
    private static final int SECTOR_BYTES = 512;
    private static final long TIMEOUT_NANOS = 30_000_000_000L;

    private final byte[] content;
    private PhysicalMemory memory;

    RamDisk(int bytes) {
        content = new byte[bytes];
    }

    byte[] content() {
        return content;
    }

    /** The driver's probe. */
    RamDisk probe(BoundDevice device, PhysicalMemory machineMemory) {
        memory = machineMemory;
        TagSet tags = device.block().newTagSet(this, 1, 32, TIMEOUT_NANOS);
        DiskLimits limits = new DiskLimits(512, 4096, 1 << 20, 128, 1, 0, 0, 0, true, false, false);
        device.block().addDisk(device.initContext(), tags, "ram0", content.length / SECTOR_BYTES, limits, this);
        return this;
    }

    @Override
    public int queueRequest(Context context, BlockRequest request, boolean last) {
        int at = (int) (request.sector() * SECTOR_BYTES);
        boolean reads = request.operation() == BlockOperation.READ;
        for (int i = 0; request.operation().hasData() && i < request.data().size(); i++) {
            int length = request.data().bytes(i);
            if (reads) {
                memory.write(request.data().physicalAddress(i), content, at, length);
            } else {
                memory.read(request.data().physicalAddress(i), content, at, length);
            }
            at += length;
        }
        if (request.operation() == BlockOperation.WRITE_ZEROES) {
            Arrays.fill(content, at, at + (int) request.bytes(), (byte) 0);
        }
        request.complete(context, 0);
        return 0;
    }

    @Override
    public TimeoutAction timedOut(ProcessContext context, BlockRequest request) {
        throw new AssertionError("nothing takes time here");
    }

    @Override
    public String type() {
        return "ram";
    }

    @Override
    public String compatible() {
        return "test,ram";
    }

    @Override
    public int windowBytes() {
        return 4;
    }

    @Override
    public void attached(DeviceEnvironment environment) {}

    @Override
    public void detached() {}

    @Override
    public int read32(int offset) {
        return 0;
    }

    @Override
    public void write32(int offset, int value) {}
}
