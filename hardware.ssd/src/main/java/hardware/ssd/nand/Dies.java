// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

import java.util.Arrays;

/** When dies and channels are free: what each operation waits for, and when it ends. Guarded by the firmware's lock. */
public final class Dies {
    private final NandGeometry geometry;
    private final NandTiming timing;
    private final FirmwareClock clock;
    private final long[] dieFree;
    private final long[] channelFree;
    private long start;

    public Dies(NandGeometry geometry, NandTiming timing, FirmwareClock clock) {
        this.geometry = geometry;
        this.timing = timing;
        this.clock = clock;
        dieFree = new long[geometry.dies()];
        channelFree = new long[geometry.channels()];
    }

    /** Nothing is under way any more. */
    public void idle() {
        Arrays.fill(dieFree, 0);
        Arrays.fill(channelFree, 0);
    }

    /** When the last operation that was asked for begins to change or read cells. */
    long start() {
        return start;
    }

    /** Reads a page, not before that time; answers when the controller has it. */
    public long read(int die, long notBefore) {
        int channel = geometry.channelOfDie(die);
        start = Math.max(Math.max(clock.now(), notBefore), dieFree[die]);
        long end = Math.max(start + timing.readNanos(), channelFree[channel]) + timing.transferNanos();
        dieFree[die] = end;
        channelFree[channel] = end;
        return end;
    }

    /** Programs a page, not before that time; answers when it is done. */
    public long program(int die, long notBefore) {
        int channel = geometry.channelOfDie(die);
        long transfer = Math.max(Math.max(clock.now(), notBefore), Math.max(dieFree[die], channelFree[channel]));
        start = transfer + timing.transferNanos();
        channelFree[channel] = start;
        dieFree[die] = start + timing.programNanos();
        return dieFree[die];
    }

    /** Erases a block, not before that time; answers when it is done. */
    public long erase(int die, long notBefore) {
        start = Math.max(Math.max(clock.now(), notBefore), dieFree[die]);
        dieFree[die] = start + timing.eraseNanos();
        return dieFree[die];
    }
}
