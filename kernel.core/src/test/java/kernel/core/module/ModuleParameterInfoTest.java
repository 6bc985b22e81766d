// SPDX-License-Identifier: Apache-2.0
package kernel.core.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The values of module parameters, read as Linux's kstrtoint and kstrtobool read them. */
class ModuleParameterInfoTest {
    private static Object parse(String type, String value) {
        return new ModuleParameterInfo("x", type, "").parse(value);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "42, 42",
        "-7, -7",
        "+7, 7",
        "0x10, 16",
        "0X1f, 31",
        "-0x10, -16",
        "010, 8",
        "2147483647, 2147483647",
        "-2147483648, -2147483648"
    })
    void anIntIsDecimalOctalOrHexadecimal(String value, int expected) {
        assertThat(parse("int", value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"4294967295, -1", "0xffffffff, -1", "0, 0", "2147483648, -2147483648", "07, 7"})
    void aUintUsesAllThirtyTwoBits(String value, int bits) {
        assertThat(parse("uint", value)).isEqualTo(bits);
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807, 9223372036854775807", "-9223372036854775808, -9223372036854775808", "0x7f, 127"})
    void aLongHasSixtyFourBits(String value, long expected) {
        assertThat(parse("long", value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "y, true",
        "Y, true",
        "yes, true",
        "1, true",
        "t, true",
        "true, true",
        "on, true",
        "ON, true",
        "n, false",
        "No, false",
        "0, false",
        "f, false",
        "false, false",
        "off, false",
        "oF, false"
    })
    void aBoolIsWhatItsFirstLettersSay(String value, boolean expected) {
        assertThat(parse("bool", value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "int,",
                "int,x",
                "int,1.5",
                "int, 1",
                "int,2147483648",
                "int,-2147483649",
                "int,#ff",
                "int,08",
                "int,0x",
                "uint,-1",
                "uint,-0",
                "uint,4294967296",
                "long,9223372036854775808",
                "bool,",
                "bool,2",
                "bool,o",
                "bool,maybe"
            })
    void whatIsNoValueIsSaidToBeNone(String type, String value) {
        String given = value == null ? "" : value;
        assertThatThrownBy(() -> parse(type, given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + given + "' invalid for parameter 'x' (" + type + ")");
    }

    @Test
    void aStringIsTakenAsItIs() {
        assertThat(parse("charp", " any thing ")).isEqualTo(" any thing ");
        assertThat(parse("charp", "")).isEqualTo("");
    }

    @Test
    void anUnknownTypeIsSaidToBeUnknown() {
        assertThatThrownBy(() -> parse("float", "1")).hasMessage("parameter 'x' has unknown type float");
    }
}
