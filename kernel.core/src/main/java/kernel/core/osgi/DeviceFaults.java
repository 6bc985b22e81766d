// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import hardware.machine.bus.FaultInjection;
import java.util.List;
import java.util.Map;
import kernel.core.control.FaultControl;

/** The faults of a device for tools. */
record DeviceFaults(FaultInjection device) implements FaultControl {
    @Override
    public Map<String, String> kinds() {
        return device.faultKinds();
    }

    @Override
    public Map<String, String> parameters() {
        return device.faultParameters();
    }

    @Override
    public void inject(String kind, Map<String, String> parameters) {
        device.injectFault(kind, parameters);
    }

    @Override
    public List<String> atWork() {
        return device.faultsAtWork();
    }

    @Override
    public void clear() {
        device.endFaults();
    }
}
