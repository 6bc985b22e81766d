// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import hardware.machine.bus.DeviceEnvironment;
import hardware.machine.bus.DeviceModel;
import hardware.machine.bus.Register;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.InterruptLine.Trigger;

/**
 * A device that does one thing: rung, it is done after a while, and says so by its line until that is acknowledged.
 *
 * <pre>
 *   0x0 RING  write: work for that many nanoseconds; 0 is done within the write
 *   0x4 DONE  read: how often done and not acknowledged; write: acknowledges so many
 * </pre>
 */
public final class Doorbell implements DeviceModel {
    public static final Register.WriteOnly RING = new Register.WriteOnly("RING", 0);
    public static final Register.ReadWrite DONE = new Register.ReadWrite("DONE", 4);

    private final Trigger trigger;
    private DeviceEnvironment environment;
    private InterruptLine line;
    private int done;
    private boolean pulled;

    public Doorbell(Trigger trigger) {
        this.trigger = trigger;
    }

    @Override
    public String type() {
        return "doorbell";
    }

    @Override
    public String compatible() {
        return "test,doorbell";
    }

    @Override
    public int windowBytes() {
        return 8;
    }

    @Override
    public void attached(DeviceEnvironment slot) {
        environment = slot;
        line = slot.interruptLine(trigger);
    }

    @Override
    public synchronized void detached() {
        pulled = true;
    }

    @Override
    public synchronized int read32(int offset) {
        return offset == DONE.offset() ? done : 0;
    }

    @Override
    public void write32(int offset, int value) {
        if (offset == DONE.offset()) {
            acknowledge(value);
        } else if (value == 0) {
            complete();
        } else {
            environment.timeline().event("ring", this::complete).scheduleIn(value);
        }
    }

    private synchronized void acknowledge(int count) {
        done -= count;
        if (done == 0) {
            line.lower();
        }
    }

    private synchronized void complete() {
        if (!pulled) {
            done++;
            line.raise();
        }
    }
}
