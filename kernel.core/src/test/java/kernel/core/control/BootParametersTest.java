// SPDX-License-Identifier: Apache-2.0
package kernel.core.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import kernel.core.control.BootParameters.DeviceSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel's command line. */
class BootParametersTest {
    @Test
    void withoutParametersThereAreOneSensorAndTwoProcessors() {
        BootParameters parameters = parse();
        assertThat(parameters.devices()).containsExactly(new DeviceSpecification("tempsensor", Map.of()));
        assertThat(parameters.config().cpus()).isEqualTo(2);
        assertThat(parameters.config().isDeterministic()).isFalse();
        assertThat(parameters.autoload()).isFalse();
        assertThat(parameters.commandLine()).isEmpty();
    }

    @Test
    void aSeedMakesItDeterministic() {
        assertThat(parse("seed=7").config().isDeterministic()).isTrue();
        assertThat(parse("seed=7").config().seed()).isEqualTo(7);
        assertThat(parse("deterministic").config().isDeterministic()).isTrue();
    }

    @Test
    void devicesHaveParameters() {
        assertThat(parse("devices=tempsensor:conversion_us=5:base_millicelsius=-1,ssd")
                        .devices())
                .containsExactly(
                        new DeviceSpecification("tempsensor", Map.of("conversion_us", "5", "base_millicelsius", "-1")),
                        new DeviceSpecification("ssd", Map.of()));
        assertThat(parse("devices=").devices()).isEmpty();
    }

    @Test
    void parametersOfTheKernelReachIt() {
        BootParameters parameters = parse("cpus=4", "mem=64M", "panic_on_oops=1", "module_timeout=5");
        assertThat(parameters.config().cpus()).isEqualTo(4);
        assertThat(parameters.config().memoryBytes()).isEqualTo(64L << 20);
        assertThat(parameters.config().panicOnOops()).isTrue();
        assertThat(parameters.moduleTimeoutSeconds()).isEqualTo(5);
        assertThat(parameters.commandLine()).isEqualTo("cpus=4 mem=64M panic_on_oops=1 module_timeout=5");
    }

    @ParameterizedTest
    @CsvSource({"cpu=2, cpus", "sed=1, seed", "device=x, devices", "modul_timeout=1, module_timeout"})
    void aSlipOfTheFingerIsCorrected(String parameter, String meant) {
        assertThatThrownBy(() -> parse(parameter))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean '" + meant + "'?");
    }

    @Test
    void whatNobodyKnowsIsAnsweredWithWhatThereIs() {
        assertThatThrownBy(() -> parse("rhubarb=1"))
                .hasMessageContaining("unknown kernel parameter 'rhubarb'; known are autoload, cpus");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cpus=0", "cpus=many", "seed=x", "autoload=perhaps", "module_timeout=0", "devices=a:b", "mem=1"})
    void aValueThatDoesNotFitIsRefused(String parameter) {
        assertThatThrownBy(() -> parse(parameter)).isInstanceOf(IllegalArgumentException.class);
    }

    private static BootParameters parse(String... words) {
        return BootParameters.parse(Arrays.asList(words));
    }
}
