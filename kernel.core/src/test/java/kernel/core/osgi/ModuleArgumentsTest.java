// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import static kernel.uapi.Errno.EINVAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kernel.api.module.KernelLog;
import kernel.core.log.Log;
import kernel.core.log.LogEntry;
import kernel.core.module.ModuleInfo;
import kernel.core.module.ModuleParameterInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters of modules, as Linux reads them. */
class ModuleArgumentsTest {
    private static final ModuleInfo THERMO = new ModuleInfo(
            "thermo",
            "/thermo.jar",
            1,
            "",
            "",
            List.of(),
            List.of(
                    new ModuleParameterInfo("offset", "int", ""),
                    new ModuleParameterInfo("rate_us", "uint", ""),
                    new ModuleParameterInfo("loud", "bool", ""),
                    new ModuleParameterInfo("label", "charp", "")),
            List.of());

    private final Log log = new Log(0, () -> 0, (level, text) -> {});

    @Test
    void valuesHaveTheirTypes() throws Exception {
        assertThat(parse("offset=-250 rate_us=0x10 loud=y label=\"two words\""))
                .isEqualTo(Map.of("offset", -250, "rate_us", 16, "loud", true, "label", "two words"));
    }

    @Test
    void aBoolNeedsNoValue() throws Exception {
        assertThat(parse("loud")).isEqualTo(Map.of("loud", true));
    }

    @Test
    void dashesAndUnderscoresAreTheSame() throws Exception {
        assertThat(parse("rate-us=1")).isEqualTo(Map.of("rate_us", 1));
    }

    @Test
    void nothingIsNothing() throws Exception {
        assertThat(parse("  ")).isEmpty();
    }

    @Test
    void anUnknownParameterIsIgnoredWithALine() throws Exception {
        assertThat(parse("volume=11 offset=1")).isEqualTo(Map.of("offset", 1));
        assertThat(lines()).containsExactly("thermo: unknown parameter 'volume' ignored");
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset=warm", "offset=", "offset", "rate_us=-1", "loud=maybe", "offset=4294967296"})
    void aValueThatDoesNotFitIsEinval(String text) {
        String name = text.replaceAll("=.*", "");
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        ModuleFormatException.class, e -> assertThat(e.errno()).isEqualTo(EINVAL))
                .hasMessageMatching("thermo: '.*' invalid for parameter '" + name + "' \\(.*\\)");
    }

    private Map<String, Object> parse(String text) throws ModuleFormatException {
        KernelLog kernelLog = log.withPrefix("");
        return ModuleArguments.parse(THERMO, text, kernelLog);
    }

    private List<String> lines() {
        return new ArrayList<>(log.entries().stream().map(LogEntry::text).toList());
    }
}
