// SPDX-License-Identifier: Apache-2.0
package benchmarks.simulated;

import hardware.machine.bus.DeviceEnvironment;
import hardware.machine.bus.DeviceModel;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.InterruptLine.Trigger;

/** The fastest device there can be: it has done what it is asked for, and raised its line, before the write to its doorbell returns. */
public final class DoorbellDevice implements DeviceModel {
    /** The one register: any write is a request. */
    public static final int DOORBELL = 0;

    private volatile InterruptLine line;

    /** Where it interrupts; after it was attached. */
    public InterruptLine line() {
        return line;
    }

    @Override
    public String type() {
        return "doorbell";
    }

    @Override
    public String compatible() {
        return "ubend,doorbell";
    }

    @Override
    public int windowBytes() {
        return Integer.BYTES;
    }

    @Override
    public void attached(DeviceEnvironment environment) {
        line = environment.interruptLine(Trigger.EDGE);
    }

    @Override
    public void detached() {}

    @Override
    public int read32(int offset) {
        return 0;
    }

    @Override
    public void write32(int offset, int value) {
        line.raise();
    }
}
