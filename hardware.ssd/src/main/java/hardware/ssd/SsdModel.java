// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import hardware.machine.bus.DeviceEnvironment;
import hardware.machine.bus.DeviceModel;
import hardware.machine.bus.FaultInjection;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.InterruptLine.Trigger;
import hardware.ssd.control.Fault;
import hardware.ssd.control.InjectedFault;
import hardware.ssd.control.SsdControl;
import hardware.ssd.control.Statistic;
import hardware.ssd.controller.ControllerIdentity;
import hardware.ssd.controller.Ssd;
import hardware.ssd.registers.SsdRegisters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A solid state disk. It does what {@code docs/hardware/ssd.md} says, also when it is used wrongly.
 *
 * <p>A file of the host that it uses is opened and locked when the model is made, and closed when it is pulled out, or by {@link #close} if it never was
 * plugged in. Thread-safe.
 */
public final class SsdModel implements DeviceModel, SsdControl, FaultInjection, AutoCloseable {
    /** The stem of the names of such devices on the bus. */
    public static final String TYPE = "ssd";
    /** What drivers match on. */
    public static final String COMPATIBLE = "ubend,ssd";

    private final SsdParameters parameters;
    private final Media media;
    private volatile String name = "";
    private volatile Ssd ssd;

    /** @throws IllegalArgumentException the file behind it cannot be used; the message says why, and nothing has changed */
    public SsdModel(SsdParameters parameters) {
        this.parameters = parameters;
        media = Media.open(parameters);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String compatible() {
        return COMPATIBLE;
    }

    @Override
    public int windowBytes() {
        return SsdRegisters.WINDOW_BYTES;
    }

    @Override
    public void attached(DeviceEnvironment environment) {
        boolean plugged = false;
        try {
            List<InterruptLine> lines = new ArrayList<>();
            for (int vector = 0; vector <= parameters.queues(); vector++) {
                lines.add(environment.interruptLine(Trigger.EDGE));
            }
            Media.Installed installed = media.install(environment, parameters);
            ssd = new Ssd(
                    environment,
                    new ControllerIdentity(
                            installed.state().uniqueId,
                            parameters.queues(),
                            installed.namespaceBytes() * installed.state().formats.length,
                            parameters.cachePages() * 4096L,
                            installed.geometry()),
                    parameters.profile().controller,
                    installed.clock(),
                    installed.power(),
                    installed.storage(),
                    installed.state(),
                    installed.namespaceBytes(),
                    lines,
                    media.isReadOnly());
            name = environment.deviceName();
            plugged = true;
        } finally {
            if (!plugged) {
                media.close();
            }
        }
    }

    @Override
    public void detached() {
        ssd.detached();
    }

    /** Gives the host's file back if the model was never plugged in. */
    @Override
    public void close() {
        if (ssd == null) {
            media.close();
        }
    }

    @Override
    public int read32(int offset) {
        return ssd.read(offset);
    }

    @Override
    public void write32(int offset, int value) {
        ssd.write(offset, value);
    }

    @Override
    public String deviceName() {
        return name;
    }

    /** The device in its slot. */
    private Ssd plugged() {
        Ssd current = ssd;
        if (current == null) {
            throw new IllegalStateException("the disk is not plugged in");
        }
        return current;
    }

    @Override
    public void powerCut() {
        plugged().powerCut();
    }

    @Override
    public void powerCutAfterSteps(long steps) {
        plugged().powerCutAfterSteps(steps);
    }

    @Override
    public void powerOn() {
        plugged().powerOn();
    }

    @Override
    public boolean isPowered() {
        return plugged().isPowered();
    }

    @Override
    public long steps() {
        return plugged().steps();
    }

    @Override
    public InjectedFault inject(Fault fault) {
        return plugged().inject(fault);
    }

    @Override
    public List<InjectedFault> faults() {
        return plugged().faults();
    }

    @Override
    public void clearFaults() {
        plugged().clearFaults();
    }

    @Override
    public void interrupt(int vector) {
        plugged().interrupt(vector);
    }

    @Override
    public void setTemperature(int kelvin) {
        plugged().setTemperature(kelvin);
    }

    @Override
    public int namespaceCount() {
        return plugged().namespaceCount();
    }

    @Override
    public boolean isAttached(int namespace) {
        return plugged().isAttached(namespace);
    }

    @Override
    public boolean attachNamespace(int namespace) {
        return plugged().setAttached(namespace, true);
    }

    @Override
    public boolean detachNamespace(int namespace) {
        return plugged().setAttached(namespace, false);
    }

    @Override
    public long statistic(Statistic statistic) {
        return plugged().statistic(statistic);
    }

    // ---- FaultInjection

    @Override
    public Map<String, String> faultKinds() {
        return SsdFaults.kinds();
    }

    @Override
    public Map<String, String> faultParameters() {
        return SsdFaults.parameters();
    }

    @Override
    public void injectFault(String kind, Map<String, String> given) {
        SsdFaults.inject(this, kind, given);
    }

    @Override
    public List<String> faultsAtWork() {
        return SsdFaults.atWork(this);
    }

    @Override
    public void endFaults() {
        clearFaults();
    }
}
