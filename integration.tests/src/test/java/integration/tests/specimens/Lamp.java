// SPDX-License-Identifier: Apache-2.0
package integration.tests.specimens;

import hardware.machine.bus.DeviceEnvironment;
import hardware.machine.bus.DeviceModel;
import hardware.machine.bus.DeviceModelFactory;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** A device of somebody else's, as plain as can be, and its maker. */
@Component(property = DeviceModelFactory.DEVICE_TYPE + "=lamp")
public final class Lamp implements DeviceModelFactory {
    @Override
    public String type() {
        return "lamp";
    }

    @Override
    public Map<String, String> parameters() {
        return Map.of("watts", "power in watts (default 40)");
    }

    @Override
    public DeviceModel create(Map<String, String> parameters) {
        return new Model();
    }

    private static final class Model implements DeviceModel {
        @Override
        public String type() {
            return "lamp";
        }

        @Override
        public String compatible() {
            return "acme,lamp";
        }

        @Override
        public int windowBytes() {
            return 4;
        }

        @Override
        public void attached(DeviceEnvironment environment) {
            environment.trace("on", 1);
        }

        @Override
        public void detached() {
            // It has nothing under way.
        }

        @Override
        public int read32(int offset) {
            return 40;
        }

        @Override
        public void write32(int offset, int value) {
            // Nothing of it can be set.
        }
    }
}
