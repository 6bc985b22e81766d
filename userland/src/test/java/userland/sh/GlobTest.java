// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "abc, abc, true",
        "abc, abcd, false",
        "a?c, abc, true",
        "a?c, ac, false",
        "*, '', true",
        "*, anything, true",
        "a*c, abbbc, true",
        "a*c, abbb, false",
        "*.c, foo.c, true",
        "*a*b*, xxaxxbxx, true",
        "*a*b*, xxbxxaxx, false",
        "[abc], b, true",
        "[abc], d, false",
        "[a-c]x, bx, true",
        "[!a-c]x, bx, false",
        "[^a-c]x, dx, true",
        "[]a], ], true",
        "[a, [a, true",
        "[a-], -, true",
        "\\*, *, true",
        "\\*, a, false",
        "\\[a], [a], true",
        "a\\, a\\, true",
        "'', '', true",
        "'', a, false",
    })
    void patternsMatch(String pattern, String text, boolean matches) {
        assertThat(Glob.matches(pattern, text)).isEqualTo(matches);
    }

    @Test
    void manyStarsDoNotTakeForEver() {
        assertThat(Glob.matches("*a".repeat(50) + "b", "a".repeat(2000))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"a*, true", "a?, true", "[a], true", "a\\*, false", "[, false", "abc, false"})
    void whatIsAPatternIsKnown(String text, boolean pattern) {
        assertThat(Glob.isPattern(text)).isEqualTo(pattern);
    }

    @Test
    void escapedTextMatchesItselfOnly() {
        String nasty = "*?[a]\\";
        assertThat(Glob.matches(Glob.escape(nasty), nasty)).isTrue();
        assertThat(Glob.unescape(Glob.escape(nasty))).isEqualTo(nasty);
        assertThat(Glob.isPattern(Glob.escape(nasty))).isFalse();
    }

    /**
     * <pre>
     *   /dev/null /dev/tty0 /dev/tty1 /dev/.hidden
     *   /etc/motd
     *   ./a ./b/c
     * </pre>
     */
    @ParameterizedTest
    @CsvSource({
        "/dev/t*, /dev/tty0 /dev/tty1",
        "/*/n*, /dev/null",
        "/*/*, /dev/null /dev/tty0 /dev/tty1 /etc/motd",
        "/dev/.*, /dev/.hidden",
        "*, a b",
        "*/c, b/c",
        "*/, b/",
        "/e*/m*d, /etc/motd",
        "/etc/motd/*, ''",
        "/d?v//n*, /dev//null",
        "x*, ''",
    })
    void pathsAreFound(String pattern, String paths) {
        Map<String, List<String>> tree = new TreeMap<>(Map.of(
                "/", List.of("dev", "etc"),
                "/dev/", List.of("tty1", "null", "tty0", ".hidden"),
                "/dev//", List.of("tty1", "null", "tty0", ".hidden"),
                "/etc/", List.of("motd"),
                "", List.of("b", "a"),
                "b/", List.of("c")));
        PathExpansion.Directories directories = new PathExpansion.Directories() {
            @Override
            public List<String> names(String path) {
                return tree.getOrDefault(path, List.of());
            }

            @Override
            public boolean exists(String path) {
                return isDirectory(path.replaceFirst("/+$", "")) || path.equals("/dev/null") || path.equals("b/c");
            }

            @Override
            public boolean isDirectory(String path) {
                return tree.containsKey(path + "/");
            }
        };
        List<String> expected = paths.isEmpty() ? List.of() : Arrays.asList(paths.split(" ", -1));
        assertThat(new PathExpansion(directories).expand(pattern)).isEqualTo(expected);
    }
}
