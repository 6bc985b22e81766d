// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.hostsocket.registers.HostSocketRegisters;
import hardware.machine.bus.DeviceModel;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be said about a host socket, and what is said about what cannot. */
final class HostSocketFactoryTest {
    private final HostSocketFactory factory = new HostSocketFactory();

    @Test
    void aPathOrALoopbackAddressIsAllItTakes() {
        DeviceModel unix = factory.create(Map.of("listen", "unix:/tmp/socket"));
        assertThat(unix.windowBytes()).isEqualTo(HostSocketRegisters.windowBytes(16));
        DeviceModel tcp = factory.create(Map.of("listen", "tcp:127.0.0.1:10809", "ports", "3"));
        assertThat(tcp.windowBytes()).isEqualTo(HostSocketRegisters.windowBytes(3));
        factory.create(Map.of("listen", "tcp:localhost:0"));
        factory.create(Map.of("listen", "tcp:[::1]:0"));
        factory.create(Map.of("listen", "tcp:0.0.0.0:1", "any", "1"));
    }

    @Test
    void withoutAnAddressItSaysWhatItNeeds() {
        assertThatThrownBy(() -> factory.create(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("hostsocket needs listen=unix:PATH or listen=tcp:127.0.0.1:PORT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen|/tmp/x|listen is unix:PATH or tcp:ADDRESS:PORT, not '/tmp/x'",
                "listen|unix:|listen=unix: has no path",
                "listen|tcp:0.0.0.0:80|other machines can reach 0.0.0.0: only with any=1, else tcp:127.0.0.1:PORT",
                "listen|tcp:example.org:80|'example.org' is no IP address: tcp:127.0.0.1:PORT",
                "listen|tcp:127.0.0.1|a TCP port is a number from 0 to 65535, not ''",
                "listen|tcp:127.0.0.1:65536|a TCP port is a number from 0 to 65535, not '65536'",
                "ports|0|ports is a whole number from 1 to 32, not '0'",
                "ports|many|ports is a whole number from 1 to 32, not 'many'",
                "any|2|any is a whole number from 0 to 1, not '2'",
                "speed|1|hostsocket has no parameter 'speed', only listen, ports, any",
            })
    void badParametersAreRefused(String name, String value, String message) {
        Map<String, String> parameters =
                name.equals("listen") ? Map.of("listen", value) : Map.of("listen", "unix:/tmp/socket", name, value);
        assertThatThrownBy(() -> factory.create(parameters))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aPathTooLongForASocketIsRefused() {
        String path = "/" + "x".repeat(ListenAddress.PATH_BYTES_MAX);
        assertThatThrownBy(() -> factory.create(Map.of("listen", "unix:" + path)))
                .hasMessage("the path of a socket has at most 107 bytes, not 108: File name too long");
        factory.create(Map.of("listen", "unix:" + path.substring(1)));
    }

    @Test
    void eachParameterIsDescribed() {
        assertThat(factory.parameters()).containsOnlyKeys("listen", "ports", "any");
    }
}
