// SPDX-License-Identifier: Apache-2.0
package kernel.core;

import hardware.machine.bus.MachineObserver;
import hardware.machine.cpu.Processor;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.LineObserver;
import kernel.core.log.Log;
import kernel.core.log.LogLevel;
import kernel.core.trace.Trace;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;

/** Enters what the devices do of their own accord and the lines they raise into the trace, and refused DMA into the log. On any thread. */
final class MachineWatch implements MachineObserver, LineObserver {
    private final Kernel kernel;
    private final Trace trace;
    private final Log log;

    MachineWatch(Kernel kernel, Trace trace, Log log) {
        this.kernel = kernel;
        this.trace = trace;
        this.log = log;
    }

    @Override
    public void deviceStep(String device, String step, long value) {
        record(TraceEvent.DEVICE_STEP, value, 0, device + " " + step);
    }

    @Override
    public void dma(String device, long busAddress, long length, boolean toMemory) {
        record(TraceEvent.DMA, busAddress, toMemory ? length : -length, device);
    }

    @Override
    public void dmaFault(String device, long busAddress, long length, boolean toMemory) {
        record(TraceEvent.DMA, busAddress, toMemory ? length : -length, device + " fault");
        log.print(
                LogLevel.ERR,
                "DMAR: [DMA " + (toMemory ? "Write" : "Read") + "] Request device [" + device + "] fault addr 0x"
                        + Long.toHexString(busAddress) + " size " + length
                        + " [fault reason] the address is not mapped for this access");
    }

    @Override
    public void pending(InterruptLine line, Processor target) {
        record(TraceEvent.LINE_RAISED, line.number(), target.id(), line.name());
    }

    private void record(TraceEvent event, long a, long b, String text) {
        if (trace.isOn()) {
            trace.record(new TraceRecord(kernel.nowNanos(), -1, -1, "hardware", "", event, a, b, text));
        }
    }
}
