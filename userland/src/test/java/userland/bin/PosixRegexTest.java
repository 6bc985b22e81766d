// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PosixRegexTest {
    @ParameterizedTest
    @CsvSource({
        "a.c, abc, true",
        "a\\.c, abc, false",
        "^a, ba, false",
        "b$, ab, true",
        "a$b, a$b, true",
        "a^b, a^b, true",
        "*a, *a, true",
        "\\(a*\\)*b, aab, true",
        "a+, a+, true",
        "a\\+$, aaa, true",
        "a\\|b, xb, true",
        "a|b, xb, false",
        "a|b, a|b, true",
        "x\\{2\\}$, axx, true",
        "x{2}, x{2}, true",
        "[]a]x, ]x, true",
        "[^a]x, ax, false",
        "[[:digit:]][[:alpha:]], 5z, true",
        "[a-c-]x, -x, true",
        "[a\\]x, \\x, true",
        "\\<word\\>, a word here, true",
        "\\<word\\>, swords, false",
        "\\(a\\)\\1, aa, true",
        "a/b&&c, a/b&&c, true",
        "[a&&b], &, true",
    })
    void basicExpressionsMatchAsInGrep(String regex, String line, boolean matches) {
        assertThat(PosixRegex.of(regex, false, false).find(line)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "a|b, xb, true",
        "(ab)+c, ababc, true",
        "^(a|b)$, b, true",
        "a{2}, caa, true",
        "a\\{2, a{2, true",
        "a{x, a{x, true",
        "colou?r, color, true",
        "\\(a\\), (a), true",
    })
    void extendedExpressionsMatchAsInGrep(String regex, String line, boolean matches) {
        assertThat(PosixRegex.of(regex, true, false).find(line)).isEqualTo(matches);
    }

    @Test
    void caseMayBeIgnored() {
        assertThat(PosixRegex.of("ABC", false, true).find("xabcx")).isTrue();
        assertThat(PosixRegex.literal("A.C", true).find("xa.cx")).isTrue();
        assertThat(PosixRegex.literal("A.C", true).find("xabcx")).isFalse();
    }

    @Test
    void mistakesAreUsageErrors() {
        for (String wrong : new String[] {"[a", "\\", "[[:foo:]]", "\\(a"}) {
            assertThatThrownBy(() -> PosixRegex.of(wrong, false, false)).isInstanceOf(UsageException.class);
        }
    }
}
