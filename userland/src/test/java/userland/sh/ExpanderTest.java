// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpanderTest {
    private final Variables variables =
            new Variables("sh", Map.of("x", "value", "spaced", " a  b ", "empty", "", "star", "*"));
    private final ShellState state = new ShellState(variables, 100, Map.of());
    private final Map<String, String> outputs = new TreeMap<>(Map.of("out", "o1 o2", "none", ""));
    private final Expander expander = new Expander(
            state,
            new PathExpansion.Directories() {
                @Override
                public List<String> names(String path) {
                    return path.isEmpty() ? List.of("f1", "f2", "g") : List.of();
                }

                @Override
                public boolean exists(String path) {
                    return false;
                }

                @Override
                public boolean isDirectory(String path) {
                    return false;
                }
            },
            commands -> outputs.get(commands.items().getFirst().text()));

    @BeforeEach
    void positional() {
        variables.setPositional(List.of("one", "two words", ""));
    }

    /** Each field between angle brackets. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a b                    ~ <a><b>",
                "$x                     ~ <value>",
                "a${x}b                 ~ <avalueb>",
                "$unset                 ~ ``",
                "\"$unset\"             ~ <>",
                "''                     ~ <>",
                "$empty''               ~ <>",
                "$spaced                ~ <a><b>",
                "x$spaced-y             ~ <x><a><b><-y>",
                "\"$spaced\"            ~ < a  b >",
                "${unset:-a b}          ~ <a><b>",
                "${unset:-'a b'}        ~ <a b>",
                "\"${unset:-a b}\"      ~ <a b>",
                "${x:-other}            ~ <value>",
                "${empty:-other}        ~ <other>",
                "${empty-other}         ~ ``",
                "${x:+yes}              ~ <yes>",
                "${empty:+yes}          ~ ``",
                "${empty+yes}           ~ <yes>",
                "${unset:=set} $unset   ~ <set><set>",
                "${#x} ${#unset} $#     ~ <5><0><3>",
                "${x#v} ${x%e}          ~ <alue><valu>",
                "${x#*[al]} ${x##*l}    ~ <lue><ue>",
                "${x%l*} ${x%%[al]*}    ~ <va><v>",
                "${x#\"$x\"}x           ~ <x>",
                "\"${x#v*l}\" \"${x%'*'}\" ~ <ue><value>",
                "\"${unset:-\"a  b\"}\"   ~ <a  b>",
                "$star '*' \"$star\"    ~ <f1><f2><g><*><*>",
                "f* g? [fg]             ~ <f1><f2><g?><g>",
                "f\\*                   ~ <f*>",
                "$1 \"$2\" $2           ~ <one><two words><two><words>",
                "$@                     ~ <one><two><words>",
                "\"$@\"                 ~ <one><two words><>",
                "\"a$@b\"               ~ <aone><two words><b>",
                "\"$*\"                 ~ <one two words >",
                "${10}x$0               ~ <xsh>",
                "$? $$ $!               ~ <3><100>",
                "$(out)                 ~ <o1><o2>",
                "\"$(out)\"             ~ <o1 o2>",
                "$(none)                ~ ``",
                "$((1 + 2))$((x2=4))$x2 ~ <344>",
                "$(( $# * 2 ))          ~ <6>",
            })
    void wordsBecomeFields(String words, String fields) {
        state.status = 3;
        assertThat(fields(words)).isEqualTo(fields);
    }

    @ParameterizedTest
    @CsvSource({"a:b, <a><b>", "a::b, <a><><b>", ":a, <><a>", "a:, <a>", "' a : b ', <a><b>", "'a  b', <a><b>"})
    void separatorsAreTheUsersChoice(String value, String fields) {
        variables.set("IFS", ": ");
        variables.set("v", value);
        assertThat(fields("$v")).isEqualTo(fields);
    }

    @Test
    void withoutSeparatorsNothingIsSplit() {
        variables.set("IFS", "");
        assertThat(fields("$spaced")).isEqualTo("< a  b >");
        assertThat(fields("\"$*\"")).isEqualTo("<onetwo words>");
    }

    @Test
    void noParametersAreNoFields() {
        variables.setPositional(List.of());
        assertThat(fields("\"$@\" $@ $* x\"$@\"")).isEqualTo("<x>");
    }

    @Test
    void anAssignmentIsNeitherSplitNorAPattern() {
        assertThat(expander.text(word("$spaced*"))).isEqualTo(" a  b *");
        assertThat(expander.text(word("\"$@\""))).isEqualTo("one two words ");
    }

    @Test
    void whatIsQuotedInAPatternStandsForItself() {
        assertThat(expander.pattern(word("$star'*'\"$star\"a"))).isEqualTo("*\\*\\*a");
    }

    @Test
    void mistakesEndTheCommand() {
        assertThatThrownBy(() -> fields("${unset:?is missing}"))
                .isInstanceOf(ShellError.class)
                .hasMessage("unset: is missing");
        assertThatThrownBy(() -> fields("${empty:?}")).hasMessage("empty: parameter not set");
        assertThatThrownBy(() -> fields("${1:=x}${9:=x}")).hasMessage("$9: cannot assign in this way");
        state.refuseUnset = true;
        assertThatThrownBy(() -> fields("$unset")).hasMessage("unset: parameter not set");
        assertThat(fields("${unset:-d}")).isEqualTo("<d>");
    }

    private String fields(String words) {
        StringBuilder text = new StringBuilder();
        Command.Simple command = simple("cmd " + words);
        expander.fields(command.words().subList(1, command.words().size()))
                .forEach(field -> text.append('<').append(field).append('>'));
        return text.toString();
    }

    private static Word word(String text) {
        return simple("cmd " + text).words().get(1);
    }

    private static Command.Simple simple(String text) {
        Command.Sequence line = new Parser(new Lexer(LineSource.of(text))).commandLine();
        Command.Pipeline pipeline = (Command.Pipeline) line.items().getFirst().command();
        return (Command.Simple) pipeline.commands().getFirst();
    }
}
