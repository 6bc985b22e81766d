// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.EROFS;

import java.util.ArrayList;
import java.util.List;
import kernel.core.module.LoadedModule;

/**
 * Who has a disk or partition open, and who has it for himself: a mounted file system, or a program by O_EXCL (Linux: bd_prepare_to_claim). A disk cannot
 * be claimed while one of its partitions is, nor the other way round. Guarded by the disk's registry.
 */
final class Openers {
    private final BlockPart part;
    private final List<BlockHandle> handles = new ArrayList<>();
    private BlockHandle holder;
    private int heldParts;

    Openers(BlockPart part) {
        this.part = part;
    }

    /** 0 or a negative errno. */
    int open(BlockHandle handle, boolean write, boolean exclusive) {
        BlockOwner owner = part.disk().owner();
        if (part.isRemoved() || owner == null) {
            return -ENODEV;
        }
        if (write && (part.disk().queueLimits().readOnly() || part.isReadOnly())) {
            return -EROFS;
        }
        Openers ofDisk = part.disk().whole().openers();
        if (exclusive && (holder != null || (part.isWhole() ? heldParts > 0 : ofDisk.holder != null))) {
            return -EBUSY;
        }
        LoadedModule module = owner.module();
        if (!module.tryGet()) {
            return -ENODEV;
        }
        handle.opened(module);
        handles.add(handle);
        if (exclusive) {
            holder = handle;
            if (!part.isWhole()) {
                ofDisk.heldParts++;
            }
        }
        return 0;
    }

    void close(BlockHandle handle) {
        handles.remove(handle);
        if (holder == handle) {
            holder = null;
            if (!part.isWhole()) {
                part.disk().whole().openers().heldParts--;
            }
        }
        handle.letModuleGo();
    }

    int count() {
        return handles.size();
    }

    boolean isHeld() {
        return holder != null;
    }

    List<BlockHandle> handles() {
        return List.copyOf(handles);
    }

    /** The disk has gone: nobody keeps its driver from going, too. */
    void letModulesGo() {
        handles.forEach(BlockHandle::letModuleGo);
    }
}
