// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.machine.bus.Register;
import hardware.ssd.registers.SsdRegisters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Are parameters read and refused as described, and does the datasheet know them and the registers? */
final class SsdFactoryTest {
    private static final Path DATASHEET = Path.of("..", "docs", "hardware", "ssd.md");

    private final SsdFactory factory = new SsdFactory();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "capacity=1",
                "capacity=4097",
                "capacity=x",
                "capacity=",
                "capacity=-1M",
                "capacity=2000T",
                "namespaces=0",
                "queues=64",
                "profile=fast",
                "cache=3",
                "block_size=1024",
                "read_only=maybe",
                "channels=0",
                "pages_per_block=24",
                "overprovision=-1",
                "factory_bad=1",
                "read_loss=NaN",
                "image=",
                "raw= ",
                "endurance=0"
            })
    void aWrongParameterIsNamed(String parameter) {
        int equals = parameter.indexOf('=');
        assertThatThrownBy(
                        () -> factory.create(Map.of(parameter.substring(0, equals), parameter.substring(equals + 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(parameter.substring(0, equals));
    }

    @Test
    void anUnknownParameterIsNamed() {
        assertThatThrownBy(() -> factory.create(Map.of("colour", "red")))
                .hasMessageContaining("ssd has no parameter 'colour'");
        assertThatThrownBy(() -> factory.create(Map.of("image", "a", "raw", "b")))
                .hasMessageContaining("image and raw");
        assertThatThrownBy(() -> factory.create(Map.of("raw", "b", "namespaces", "2")))
                .hasMessageContaining("one namespace");
        assertThatThrownBy(() -> factory.create(Map.of("capacity", "64K", "namespaces", "3")))
                .hasMessageContaining("shared");
    }

    @Test
    void theDatasheetListsEveryParameter() throws IOException {
        String sheet = Files.readString(DATASHEET);
        for (String name : factory.parameters().keySet()) {
            assertThat(sheet).contains("| `" + name + "` |");
        }
    }

    @Test
    void theDatasheetListsTheRegisters() throws IOException {
        List<String> expected = new ArrayList<>();
        for (Register register : SsdRegisters.all()) {
            String access = switch (register) {
                case Register.ReadOnly _ -> "RO";
                case Register.WriteOnly _ -> "WO";
                case Register.ReadWrite _ -> "RW";
            };
            expected.add("| 0x%02x | %s | %s |".formatted(register.offset(), register.name(), access));
        }
        assertThat(Files.readString(DATASHEET)).contains(expected);
    }
}
