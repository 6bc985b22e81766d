// SPDX-License-Identifier: Apache-2.0
package kernel.core.device;

import static kernel.uapi.Errno.ENODEV;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.api.context.ProcessContext;
import kernel.api.device.CharacterDevice;
import kernel.core.execution.Task;
import kernel.core.fs.DeviceFile;
import kernel.core.fs.DeviceNode;
import kernel.core.fs.FileDescription;
import kernel.core.fs.UserProcess;
import kernel.core.module.LoadedModule;

/**
 * A driver's device and the files open on it. Calls enter and leave the driver through it, so that it can be revoked: once
 * the device has gone nobody enters any more, and the last one out says so (Linux: SRCU in many subsystems).
 */
public final class DeviceRegistration implements DeviceFile {
    private static final int REVOKED = Integer.MIN_VALUE;

    private final DeviceBinding binding;
    private final CharacterDevice device;
    private final DeviceNode node;
    private final AtomicInteger inside = new AtomicInteger();
    /** In the order in which they were opened, and so closed in the same order in every run. */
    private final Set<FileDescription> openFiles = new LinkedHashSet<>();

    DeviceRegistration(DeviceBinding binding, CharacterDevice device, DeviceNode node) {
        this.binding = binding;
        this.device = device;
        this.node = node;
    }

    public DeviceNode node() {
        return node;
    }

    public LoadedModule module() {
        return binding.module();
    }

    /** The files open on the device. */
    public List<FileDescription> openFiles() {
        synchronized (openFiles) {
            return List.copyOf(openFiles);
        }
    }

    private void add(FileDescription file) {
        synchronized (openFiles) {
            openFiles.add(file);
        }
    }

    /** Whether the caller is the one who takes it out, and so the one who releases it. */
    private boolean remove(FileDescription file) {
        synchronized (openFiles) {
            return openFiles.remove(file);
        }
    }

    int open(UserProcess process, FileDescription file) {
        if (!enter()) {
            return -ENODEV;
        }
        try {
            int result = device.open(process, file);
            if (result >= 0) {
                file.attachDevice(this, device);
                add(file);
            }
            return result;
        } finally {
            exit();
        }
    }

    @Override
    public String driver() {
        return binding.driver();
    }

    @Override
    public boolean enter() {
        if (binding.module().isBroken()) {
            return false;
        }
        if (inside.getAndIncrement() < 0) {
            exit();
            return false;
        }
        return true;
    }

    @Override
    public void exit() {
        if (inside.decrementAndGet() == REVOKED) {
            binding.drained();
        }
    }

    @Override
    public void release(ProcessContext context, FileDescription file) {
        // First in, then out of the set: whoever finds the door closed leaves the file to those who closed it.
        if (enter()) {
            try {
                releaseOnce(context, file);
            } finally {
                exit();
            }
        } else if (binding.module().isBroken() && remove(file)) {
            binding.module().put();
        }
    }

    private void releaseOnce(ProcessContext context, FileDescription file) {
        if (!remove(file)) {
            return;
        }
        try {
            if (!binding.module().isBroken()) {
                device.release(context, file);
            }
        } finally {
            binding.module().put();
        }
    }

    /** Lets nobody in any more; who touches what he has mapped gets a bus error from now on. */
    void revoke() {
        inside.getAndUpdate(count -> count | REVOKED);
        for (FileDescription file : openFiles()) {
            file.deviceMappings().unmap(0, Long.MAX_VALUE, true);
        }
    }

    boolean isEmpty() {
        return (inside.get() & ~REVOKED) == 0;
    }

    /** After the last one has left: the driver lets go of the files that are still open, and they of the module. */
    void releaseRevoked(Task task, Farewell farewell) {
        for (FileDescription file : openFiles()) {
            farewell.step(() -> releaseOnce(task, file));
        }
    }
}
