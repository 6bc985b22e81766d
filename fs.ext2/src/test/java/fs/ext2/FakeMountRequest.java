// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import java.util.ArrayList;
import java.util.List;
import kernel.api.block.BlockDevice;
import kernel.api.context.ProcessContext;
import kernel.api.fs.MountRequest;
import kernel.api.lock.Mutex;
import kernel.api.module.KernelLog;

/** What a kernel gives to a mount, written down. */
final class FakeMountRequest implements MountRequest {
    /** What errors=panic ends in. */
    static final class Panic extends RuntimeException {
        Panic(String message) {
            super(message);
        }
    }

    /** 2024-05-01 12:00:00 UTC. */
    static final long START_NANOS = 1_714_564_800L * 1_000_000_000;

    private final BlockDevice device;
    private final boolean readOnly;
    private final String options;
    private final List<String> log = new ArrayList<>();
    private final List<FakeMutex> mutexes = new ArrayList<>();
    private boolean forcedReadOnly;
    boolean privileged = true;
    long nanos = START_NANOS;

    FakeMountRequest(BlockDevice device, boolean readOnly, String options) {
        this.device = device;
        this.readOnly = readOnly;
        this.options = options;
    }

    List<String> lines() {
        return log;
    }

    boolean isForcedReadOnly() {
        return forcedReadOnly;
    }

    /** Whether every mutex was given back. */
    boolean isUnlocked() {
        return mutexes.stream().noneMatch(FakeMutex::isLocked);
    }

    @Override
    public BlockDevice device() {
        return device;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public String options() {
        return options;
    }

    @Override
    public Mutex mutex(String name) {
        FakeMutex mutex = new FakeMutex(name);
        mutexes.add(mutex);
        return mutex;
    }

    @Override
    public KernelLog log() {
        return new KernelLog() {
            @Override
            public void error(String message) {
                log.add("EXT2-fs (" + device.name() + "): " + message);
            }

            @Override
            public void warn(String message) {
                error(message);
            }

            @Override
            public void notice(String message) {
                error(message);
            }

            @Override
            public void info(String message) {
                error(message);
            }

            @Override
            public void debug(String message) {
                error(message);
            }
        };
    }

    /** Each look at the clock is a second later. */
    @Override
    public long wallClockNanos() {
        nanos += 1_000_000_000;
        return nanos;
    }

    @Override
    public boolean mayUseReserve(ProcessContext context, int user, int group) {
        return privileged;
    }

    @Override
    public void forceReadOnly() {
        forcedReadOnly = true;
    }

    @Override
    public void panic(ProcessContext context, String message) {
        throw new Panic(message);
    }
}
