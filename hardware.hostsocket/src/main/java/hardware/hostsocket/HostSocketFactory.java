// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import hardware.hostsocket.registers.HostSocketRegisters;
import hardware.machine.bus.DeviceModel;
import hardware.machine.bus.DeviceModelFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** Makes host sockets for plugging in. Stateless, and so thread-safe. */
@Component(property = DeviceModelFactory.DEVICE_TYPE + "=" + HostSocketModel.TYPE)
public final class HostSocketFactory implements DeviceModelFactory {
    private static final String LISTEN = "listen";
    private static final String PORTS = "ports";
    private static final String ANY = "any";
    private static final int PORTS_DEFAULT = 16;

    /** The framework makes it. */
    public HostSocketFactory() {}

    @Override
    public String type() {
        return HostSocketModel.TYPE;
    }

    @Override
    public Map<String, String> parameters() {
        Map<String, String> descriptions = new LinkedHashMap<>();
        descriptions.put(LISTEN, "where programs of the host connect: unix:PATH or tcp:127.0.0.1:PORT (no default)");
        descriptions.put(
                PORTS,
                "how many can be connected at once, 1 to %d (default %d)"
                        .formatted(HostSocketRegisters.PORTS_MAX, PORTS_DEFAULT));
        descriptions.put(ANY, "1: a TCP address may be one that other machines can reach (default 0)");
        return descriptions;
    }

    @Override
    public DeviceModel create(Map<String, String> given) {
        Map<String, String> known = parameters();
        for (String name : given.keySet()) {
            if (!known.containsKey(name)) {
                throw new IllegalArgumentException(
                        "%s has no parameter '%s', only %s".formatted(type(), name, String.join(", ", known.keySet())));
            }
        }
        String listen = given.get(LISTEN);
        if (listen == null) {
            throw new IllegalArgumentException(type() + " needs listen=unix:PATH or listen=tcp:127.0.0.1:PORT");
        }
        boolean any = number(given, ANY, 0, 0, 1) == 1;
        int ports = number(given, PORTS, PORTS_DEFAULT, 1, HostSocketRegisters.PORTS_MAX);
        return new HostSocketModel(new HostListener(ListenAddress.parse(listen.strip(), any)), ports);
    }

    private static int number(Map<String, String> given, String name, int standard, int least, int most) {
        String text = given.get(name);
        if (text == null) {
            return standard;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, in the words of who typed it.
        }
        throw new IllegalArgumentException(
                "%s is a whole number from %d to %d, not '%s'".formatted(name, least, most, text));
    }
}
