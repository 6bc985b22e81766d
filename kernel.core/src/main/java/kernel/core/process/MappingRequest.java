// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import kernel.api.memory.Mapping;
import kernel.api.memory.Pager;

/** What mmap asks a file for. */
final class MappingRequest implements Mapping {
    private final long offset;
    private final long bytes;
    private final boolean shared;
    private final boolean writable;
    private Pager pager;

    MappingRequest(long offset, long bytes, boolean shared, boolean writable) {
        this.offset = offset;
        this.bytes = bytes;
        this.shared = shared;
        this.writable = writable;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public boolean isShared() {
        return shared;
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void setPager(Pager newPager) {
        pager = newPager;
    }

    /** Null when the file did not say. */
    Pager pager() {
        return pager;
    }
}
