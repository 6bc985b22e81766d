// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import hardware.machine.bus.DeviceModel;
import hardware.machine.bus.DeviceModelFactory;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** Makes solid state disks for plugging in. Thread-safe. */
@Component(service = DeviceModelFactory.class, property = DeviceModelFactory.DEVICE_TYPE + "=" + SsdModel.TYPE)
public final class SsdFactory implements DeviceModelFactory {
    @Override
    public String type() {
        return SsdModel.TYPE;
    }

    @Override
    public Map<String, String> parameters() {
        return SsdParameters.descriptions();
    }

    @Override
    public DeviceModel create(Map<String, String> parameters) {
        return new SsdModel(SsdParameters.of(parameters));
    }
}
