// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import hardware.machine.bus.DeviceModel;
import hardware.machine.bus.DeviceModelFactory;
import hardware.ssd.control.SsdControl;
import hardware.ssd.control.SsdControls;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;

/** Makes solid state disks for plugging in, and knows those that are. Thread-safe. */
@Component(
        service = {DeviceModelFactory.class, SsdControls.class},
        property = DeviceModelFactory.DEVICE_TYPE + "=" + SsdModel.TYPE)
public final class SsdFactory implements DeviceModelFactory, SsdControls {
    private final List<SsdControl> plugged = new CopyOnWriteArrayList<>();

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
        return new SsdModel(SsdParameters.of(parameters), plugged::add, plugged::remove);
    }

    @Override
    public List<SsdControl> plugged() {
        return List.copyOf(plugged);
    }
}
