// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import hardware.machine.memory.PhysicalMemory;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.api.context.ProcessContext;
import kernel.api.memory.Pager;
import kernel.core.failure.Failures;
import kernel.core.fs.DeviceFile;
import kernel.core.fs.FileDescription;
import kernel.core.fs.NameSpace;
import kernel.core.memory.Backing;
import kernel.core.memory.FilePager;
import kernel.core.memory.ReverseMap;

/** A file that is mapped: its pager, behind the same gate as its other operations. Keeps the file open. */
final class MappedFile implements Backing {
    private final FileDescription file;
    private final NameSpace.Identity identity;
    private final Pager pager;
    private final ReverseMap mappings;
    private final Failures failures;
    private final PhysicalMemory memory;
    private final AtomicInteger areas = new AtomicInteger();

    /** @param file gets a reference with the first area */
    MappedFile(ProcessTable table, FileDescription file, NameSpace.Identity identity, Pager pager) {
        this.file = file;
        this.identity = identity;
        this.pager = pager;
        mappings = pager instanceof FilePager own ? own.mappings() : file.deviceMappings();
        failures = table.failures();
        memory = table.execution().machine().memory();
    }

    private boolean enter() {
        DeviceFile device = file.device();
        return device == null || device.enter();
    }

    private void exit() {
        DeviceFile device = file.device();
        if (device != null) {
            device.exit();
        }
    }

    @Override
    public long fault(ProcessContext context, long offset, boolean write) {
        if (!enter()) {
            return Pager.BUS_ERROR;
        }
        try {
            return checked(context, pager.fault(context, offset, write));
        } finally {
            exit();
        }
    }

    /** What is no page of memory and no error either is nothing that a program may be given. */
    private long checked(ProcessContext context, long answer) {
        boolean page = answer >= 0
                && answer % PhysicalMemory.FRAME_BYTES == 0
                && memory.contains(answer, PhysicalMemory.FRAME_BYTES);
        if (page || answer == Pager.BUS_ERROR || answer == Pager.NO_MEMORY) {
            return answer;
        }
        failures.report(
                ((Proc) context).cpu(),
                List.of(
                        "pager of " + file.path() + " answered 0x" + Long.toHexString(answer) + ": contract violation",
                        "reason: a fault is answered with the physical address of a page of memory, or an error"));
        return Pager.BUS_ERROR;
    }

    @Override
    public long makeWritable(ProcessContext context, long offset, long physicalAddress) {
        if (!enter()) {
            return Pager.BUS_ERROR;
        }
        try {
            return pager.makeWritable(context, offset, physicalAddress);
        } finally {
            exit();
        }
    }

    @Override
    public void dirtied(long offset, long physicalAddress) {
        if (enter()) {
            try {
                pager.dirtied(offset, physicalAddress);
            } finally {
                exit();
            }
        }
    }

    @Override
    public int sync(ProcessContext context, long offset, long bytes) {
        if (!enter()) {
            return 0;
        }
        try {
            return pager.sync(context, offset, bytes);
        } finally {
            exit();
        }
    }

    @Override
    public boolean countsPages() {
        return pager instanceof FilePager;
    }

    @Override
    public ReverseMap mappings() {
        return mappings;
    }

    @Override
    public void get() {
        if (areas.getAndIncrement() == 0) {
            file.get();
        }
    }

    @Override
    public void put(ProcessContext context) {
        if (areas.decrementAndGet() == 0) {
            file.put(context);
        }
    }

    @Override
    public String description() {
        return identity.text();
    }

    @Override
    public String path() {
        return file.path();
    }
}
