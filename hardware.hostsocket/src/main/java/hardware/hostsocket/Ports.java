// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import java.util.List;

/** The ports of a device as those see them who connect. Thread-safe. */
public final class Ports {
    private final List<Port> ports;

    Ports(List<Port> ports) {
        this.ports = List.copyOf(ports);
    }

    int count() {
        return ports.size();
    }

    Port get(int number) {
        return ports.get(number);
    }

    /** Whether one of them waits for a connection. */
    public boolean isOneWaiting() {
        return ports.stream().anyMatch(Port::isWaiting);
    }

    /** Plugs a wire into the first port that waits, and answers the port; null when none does. */
    public Port connect(Wire wire) {
        for (Port port : ports) {
            if (port.connect(wire)) {
                return port;
            }
        }
        return null;
    }

    void reset() {
        ports.forEach(Port::reset);
    }
}
