// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import java.util.concurrent.atomic.AtomicInteger;
import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.core.memory.ReverseMap;
import kernel.uapi.OpenFlags;

/**
 * An open file description: what open(2) made, shared by duplicated and inherited descriptors (Linux: struct file).
 *
 * <p>Counts its references: {@link #get} for each further descriptor, {@link #put} for each that goes; the last one releases it.
 */
public final class FileDescription implements OpenFile {
    private final AtomicInteger references = new AtomicInteger(1);
    private final Object node;
    private final String path;
    private final int minor;
    private volatile FileOperations operations;
    private volatile int flags;
    private volatile DeviceFile device;
    private volatile Object privateData;
    private ReverseMap deviceMappings;
    private long position;

    /**
     * @param node what the file system knows the file by (its inode, with its place in the tree); opaque here
     * @param flags of open(2), without those that only concern the opening itself
     */
    public FileDescription(FileOperations operations, Object node, String path, int minor, int flags) {
        this.operations = operations;
        this.node = node;
        this.path = path;
        this.minor = minor;
        this.flags = flags
                & ~(OpenFlags.O_CREAT
                        | OpenFlags.O_EXCL
                        | OpenFlags.O_NOCTTY
                        | OpenFlags.O_TRUNC
                        | OpenFlags.O_CLOEXEC);
    }

    public FileOperations operations() {
        return operations;
    }

    /** The inode, as its file system gave it. */
    public Object node() {
        return node;
    }

    /** The device behind the file, null for what is no device: it may be revoked at any time. */
    public DeviceFile device() {
        return device;
    }

    /** Makes it a file of that device; once, while it is being opened. */
    public void attachDevice(DeviceFile newDevice, FileOperations deviceOperations) {
        device = newDevice;
        operations = deviceOperations;
    }

    /** Who has pages of it mapped that come from its driver; of other files their pagers know. */
    public synchronized ReverseMap deviceMappings() {
        if (deviceMappings == null) {
            deviceMappings = new ReverseMap();
        }
        return deviceMappings;
    }

    /** The position; the calls of one process take turns, sharers race as on Linux without f_pos_lock. */
    public long position() {
        return position;
    }

    public void setPosition(long newPosition) {
        position = newPosition;
    }

    @Override
    public int flags() {
        return flags;
    }

    public void setFlags(int newFlags) {
        flags = newFlags;
    }

    @Override
    public boolean isNonBlocking() {
        return (flags & OpenFlags.O_NONBLOCK) != 0;
    }

    @Override
    public int minor() {
        return minor;
    }

    @Override
    public Object privateData() {
        return privateData;
    }

    @Override
    public void setPrivateData(Object data) {
        privateData = data;
    }

    @Override
    public String path() {
        return path;
    }

    public FileDescription get() {
        references.incrementAndGet();
        return this;
    }

    /** Drops a reference if it is not the last; else false, and the caller has it still. Any context. */
    public boolean putUnlessLast() {
        for (; ; ) {
            int now = references.get();
            if (now == 1) {
                return false;
            }
            if (references.compareAndSet(now, now - 1)) {
                return true;
            }
        }
    }

    /** Drops a reference; the last one calls the release of the driver or file system. May sleep. */
    public void put(ProcessContext context) {
        if (references.decrementAndGet() > 0) {
            return;
        }
        DeviceFile open = device;
        if (open != null) {
            open.release(context, this);
        } else {
            operations.release(context, this);
        }
        if (node instanceof HeldPlace place) {
            place.closed(context, this);
        }
    }
}
