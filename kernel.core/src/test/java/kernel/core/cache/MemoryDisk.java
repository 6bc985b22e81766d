// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODEV;

import hardware.machine.memory.PhysicalMemory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import kernel.api.block.Bio;
import kernel.api.block.BlockBuffers;
import kernel.api.block.BlockDevice;
import kernel.api.block.BlockOperation;
import kernel.api.block.DiskLimits;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.core.Kernel;
import kernel.core.execution.Gone;
import kernel.core.execution.Task;
import kernel.core.execution.WaitQueueHead;

/** A disk that is an array, and takes its time: transfers end in a thread of their own, in any order. */
final class MemoryDisk implements BlockDevice {
    final byte[] bytes;
    final List<String> transfers = new ArrayList<>();
    LongPredicate badSector = sector -> false;
    boolean gone;
    int flushes;
    private final Kernel kernel;
    private final Random random;
    private final int logicalBlockBytes;
    private final Deque<MemoryBio> queue = new ArrayDeque<>();
    private final WaitQueueHead work;
    private boolean started;

    MemoryDisk(Kernel kernel, int sectors, int logicalBlockBytes, long seed) {
        this.kernel = kernel;
        this.logicalBlockBytes = logicalBlockBytes;
        bytes = new byte[sectors * 512];
        random = new Random(seed);
        random.nextBytes(bytes);
        work = kernel.execution().newWaitQueue("disk", Gone.NEVER);
    }

    private void serve(Task task) {
        while (true) {
            work.waitEvent(task, () -> !queue.isEmpty());
            if (random.nextBoolean()) {
                task.sleep(random.nextInt(20_000));
            }
            MemoryBio bio = random.nextBoolean() ? queue.pollFirst() : queue.pollLast();
            if (bio != null) {
                bio.move(task);
            }
        }
    }

    @Override
    public String name() {
        return "ram0";
    }

    @Override
    public long device() {
        return 0x103;
    }

    @Override
    public long sectors() {
        return bytes.length / 512;
    }

    @Override
    public DiskLimits limits() {
        return new DiskLimits(logicalBlockBytes, 4096, 1 << 20, 256, 1, 0, 0, 0, true, false, false);
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public Bio newBio(int maxSegments) {
        return new MemoryBio(maxSegments);
    }

    @Override
    public int flush(ProcessContext context) {
        flushes++;
        return gone ? -ENODEV : 0;
    }

    @Override
    public int discard(ProcessContext context, long sector, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int writeZeroes(ProcessContext context, long sector, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BlockBuffers buffers(int blockBytes) {
        return kernel.pageCache().device(this).buffers(blockBytes);
    }

    private final class MemoryBio implements Bio {
        private final long[] addresses;
        private final int[] lengths;
        private int pieces;
        private BlockOperation operation;
        private long sector;
        private long length;
        private Handler handler;
        private Object attachment;
        private int error;
        private boolean underWay;

        MemoryBio(int maxSegments) {
            addresses = new long[maxSegments];
            lengths = new int[maxSegments];
        }

        @Override
        public Bio reset(BlockOperation newOperation, long newSector, long newBytes) {
            if (underWay) {
                throw new IllegalStateException("the bio is under way");
            }
            operation = newOperation;
            sector = newSector;
            length = newBytes;
            pieces = 0;
            return this;
        }

        @Override
        public boolean add(long physicalAddress, int count) {
            if (pieces == addresses.length) {
                return false;
            }
            if (count % logicalBlockBytes != 0) {
                throw new IllegalArgumentException("a piece of " + count + " bytes");
            }
            addresses[pieces] = physicalAddress;
            lengths[pieces++] = count;
            length += count;
            return true;
        }

        @Override
        public Bio forcedUnitAccess() {
            return this;
        }

        @Override
        public Bio flushFirst() {
            return this;
        }

        @Override
        public Bio onCompletion(Handler newHandler) {
            handler = newHandler;
            return this;
        }

        @Override
        public Bio attach(Object object) {
            attachment = object;
            return this;
        }

        @Override
        public Object attachment() {
            return attachment;
        }

        @Override
        public BlockOperation operation() {
            return operation;
        }

        @Override
        public long sector() {
            return sector;
        }

        @Override
        public long bytes() {
            return length;
        }

        @Override
        public void submit(ProcessContext context) {
            underWay = true;
            transfers.add(operation + " " + sector + "+" + length / 512);
            queue.add(this);
            if (!started) {
                started = true;
                kernel.execution().startKernelThread("disk", MemoryDisk.this::serve);
            }
            work.wakeUpAll(context);
        }

        @Override
        public int submitAndWait(ProcessContext context) {
            throw new UnsupportedOperationException();
        }

        private void move(Context context) {
            error = gone ? -ENODEV : 0;
            long at = sector;
            PhysicalMemory memory = kernel.machine().memory();
            for (int i = 0; i < pieces && error == 0; i++) {
                for (long next = at; next < at + lengths[i] / 512; next++) {
                    if (next < 0 || next >= sectors() || badSector.test(next)) {
                        error = -EIO;
                    }
                }
                if (error == 0 && operation == BlockOperation.READ) {
                    memory.write(addresses[i], bytes, (int) at * 512, lengths[i]);
                } else if (error == 0) {
                    memory.read(addresses[i], bytes, (int) at * 512, lengths[i]);
                }
                at += lengths[i] / 512;
            }
            underWay = false;
            handler.completed(context, this);
        }

        @Override
        public int error() {
            return error;
        }
    }
}
