// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import kernel.api.block.BlockDevice;
import kernel.api.context.ProcessContext;
import kernel.api.fs.MountRequest;
import kernel.api.lock.Mutex;
import kernel.api.module.KernelLog;
import kernel.core.fs.FileSystemHost;
import kernel.core.fs.UserProcess;

/** What a file system is told when it is to be mounted, and what it is given for as long as it is. */
record DiskMountRequest(FileSystemHost host, BlockDevice device, DiskReadOnly readOnly, String options, KernelLog log)
        implements MountRequest {
    @Override
    public boolean isReadOnly() {
        return readOnly.isSet();
    }

    @Override
    public Mutex mutex(String name) {
        return host.mutex(name);
    }

    @Override
    public long wallClockNanos() {
        return host.wallClockNanos();
    }

    @Override
    public boolean mayUseReserve(ProcessContext context, int user, int group) {
        // The kernel's own threads write what was promised already.
        if (!(context instanceof UserProcess process) || process.uid() == 0) {
            return true;
        }
        return process.uid() == user || (group != 0 && process.gid() == group);
    }

    @Override
    public void forceReadOnly() {
        readOnly.set(true);
    }

    @Override
    public void panic(ProcessContext context, String message) {
        host.panic(context, message);
    }
}
