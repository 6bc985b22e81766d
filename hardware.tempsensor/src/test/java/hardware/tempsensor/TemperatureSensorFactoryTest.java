// SPDX-License-Identifier: Apache-2.0
package hardware.tempsensor;

import static hardware.tempsensor.registers.TempSensorRegisters.COMMAND;
import static hardware.tempsensor.registers.TempSensorRegisters.COMMAND_START;
import static hardware.tempsensor.registers.TempSensorRegisters.CONVERSION_TIME;
import static hardware.tempsensor.registers.TempSensorRegisters.DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import hardware.machine.Machine;
import hardware.machine.bus.BusDevice;
import hardware.machine.time.VirtualTimeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Does the factory make what was asked for, and say what cannot be made? */
final class TemperatureSensorFactoryTest {
    private final TemperatureSensorFactory factory = new TemperatureSensorFactory();
    private final Machine machine = new Machine(1, 4096, true, new VirtualTimeline(), 1);

    @Test
    void parametersAreDescribedWithTheirDefaults() throws IOException {
        assertThat(factory.type()).isEqualTo("tempsensor");
        assertThat(factory.parameters())
                .containsOnlyKeys("base_millicelsius", "drift_millicelsius", "conversion_us")
                .containsEntry("conversion_us", "time that a measurement takes in microseconds (default 10000)");
        String datasheet = Files.readString(Path.of("..", "docs", "hardware", "tempsensor.md"));
        factory.parameters().forEach((name, description) -> {
            String standard = description.replaceAll(".*default (\\d+).*", "$1");
            assertThat(datasheet).contains("| `%s` | %s |".formatted(name, standard));
        });
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        BusDevice device = machine.bus().attach(factory.create(Map.of()));
        assertThat(device.read32(CONVERSION_TIME.offset())).isEqualTo(10_000);
    }

    @Test
    void whatIsGivenIsUsed() {
        Map<String, String> given =
                Map.of("base_millicelsius", "-5000", "drift_millicelsius", " 100 ", "conversion_us", "0");
        BusDevice device = machine.bus().attach(factory.create(given));
        device.write32(COMMAND.offset(), COMMAND_START);
        assertThat(device.read32(DATA.offset())).isEqualTo(-5_000);
        device.write32(COMMAND.offset(), COMMAND_START);
        assertThat(device.read32(DATA.offset())).isEqualTo(-4_900);
        assertThat(device.read32(CONVERSION_TIME.offset())).isZero();
    }

    @Test
    void theLongestConversionTimeFillsItsRegister() {
        BusDevice device = machine.bus().attach(factory.create(Map.of("conversion_us", "4294967295")));
        assertThat(device.read32(CONVERSION_TIME.offset())).isEqualTo(-1);
    }

    @Test
    void anUnknownParameterIsNamedBesideTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory.create(Map.of("base", "1")))
                .withMessage("tempsensor has no parameter 'base', only base_millicelsius, drift_millicelsius, "
                        + "conversion_us");
    }

    @ParameterizedTest
    @CsvSource({
        "base_millicelsius, warm, -55000 to 125000",
        "base_millicelsius, 21.5, -55000 to 125000",
        "base_millicelsius, 125001, -55000 to 125000",
        "base_millicelsius, -55001, -55000 to 125000",
        "base_millicelsius, 99999999999999999999, -55000 to 125000",
        "drift_millicelsius, -1, 0 to 10000",
        "drift_millicelsius, 10001, 0 to 10000",
        "drift_millicelsius, '', 0 to 10000",
        "conversion_us, -1, 0 to 4294967295",
        "conversion_us, 4294967296, 0 to 4294967295",
    })
    void aValueThatDoesNotFitIsShownWithWhatWould(String name, String value, String range) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory.create(Map.of(name, value)))
                .withMessage("%s is a whole number from %s, not '%s'".formatted(name, range, value));
    }

    @Test
    void parametersAreCheckedWhereverTheyComeFrom() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TemperatureSensorParameters(200_000, 0, 0))
                .withMessage("base_millicelsius is -55000 to 125000, not 200000");
        assertThatIllegalArgumentException().isThrownBy(() -> new TemperatureSensorParameters(0, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TemperatureSensorParameters(0, 0, -1));
    }
}
