// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.ENOMEM;

import hardware.machine.memory.PageTable;
import hardware.machine.memory.PhysicalMemory;
import java.util.Arrays;
import kernel.api.context.ProcessContext;
import kernel.api.dma.ScatterList;
import kernel.core.execution.Task;

/**
 * A range of user memory that stays where it is while a device is at work on it (Linux: pin_user_pages). The pages are not freed or given to others when
 * the process unmaps them, forks, or ends.
 *
 * <p>Made once and used again and again, for one range at a time; allocates nothing once it has been large enough. Not thread-safe.
 */
public final class PinnedPages {
    private static final int PAGE = PhysicalMemory.FRAME_BYTES;

    private PageAllocator allocator;
    private long[] frames;
    private int count;
    private boolean forWriting;
    /** The files behind pages that the device writes, where there are such; made when the first one comes. */
    private Backing[] files;

    private long[] offsets;
    private boolean anyFile;

    /** With room for so many pages before it grows. */
    public PinnedPages(int capacity) {
        frames = new long[Math.max(1, capacity)];
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /**
     * Pins a range of the calling process's memory, faulting pages in, and adds its pieces to a list, joined where they are neighbours. Stops before the
     * first page that cannot be reached. May sleep.
     *
     * @param forWriting whether the device will write there, so that pages shared with others are copied first
     * @return how many bytes were pinned, from the beginning; -EFAULT when none could be, or -ENOMEM
     * @throws IllegalStateException something is pinned already
     */
    public long pin(ProcessContext context, long address, long bytes, boolean forWriting, ScatterList to) {
        if (count > 0) {
            throw new IllegalStateException("pins " + count + " pages already");
        }
        Task task = (Task) context;
        task.mightSleep("pin_user_pages");
        if (!(task.userSpace() instanceof AddressSpace space) || !AddressSpace.isUserRange(address, bytes)) {
            return -EFAULT;
        }
        allocator = space.allocator();
        this.forWriting = forWriting;
        long done = 0;
        while (done < bytes) {
            long at = address + done;
            long entry = space.pin(context, at, forWriting);
            if (entry < 0) {
                return done > 0 ? done : entry == AddressSpace.FAULT_NO_MEMORY ? -ENOMEM : -EFAULT;
            }
            int inPage = (int) (at & PAGE - 1);
            int piece = (int) Math.min(bytes - done, PAGE - inPage);
            note(space, at - inPage, entry);
            to.addJoined((PageTable.frameOf(entry) << PhysicalMemory.FRAME_SHIFT) + inPage, piece);
            done += piece;
        }
        return done;
    }

    private void note(AddressSpace space, long page, long entry) {
        if (count == frames.length) {
            frames = Arrays.copyOf(frames, 2 * count);
        }
        frames[count] = PageTable.frameOf(entry);
        if (forWriting && (entry & UserPages.FILE) != 0) {
            noteFile(space.areaAt(page), page);
        }
        count++;
    }

    private void noteFile(Area area, long page) {
        if (files == null || files.length < frames.length) {
            files = files == null ? new Backing[frames.length] : Arrays.copyOf(files, frames.length);
            offsets = offsets == null ? new long[frames.length] : Arrays.copyOf(offsets, frames.length);
        }
        files[count] = area.backing();
        offsets[count] = area.offsetOf(page);
        anyFile = true;
    }

    /**
     * Lets go of the pages. Any context.
     *
     * @param written whether the device has written to them, so that files behind them have changed
     */
    public void unpin(boolean written) {
        if (anyFile) {
            for (int i = 0; i < Math.min(count, files.length); i++) {
                if (files[i] != null && written) {
                    files[i].dirtied(offsets[i], frames[i] << PhysicalMemory.FRAME_SHIFT);
                }
                files[i] = null;
            }
            anyFile = false;
        }
        while (count > 0) {
            allocator.unpin(frames[--count]);
        }
    }
}
