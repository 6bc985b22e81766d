// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArithmeticTest {
    private final Map<String, String> variables =
            new HashMap<>(Map.of("x", "5", "hex", "0x10", "empty", "", "word", "abc"));

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1+2*3;7",
                "(1+2)*3;9",
                "7/2;3",
                "-7/2;-3",
                "7%3;1",
                "2**10;1024",
                "2**3**2;512",
                "-2**2;4",
                "10-4-3;3",
                "1<<4|1;17",
                "6&3;2",
                "6^3;5",
                "~0;-1",
                "!0;1",
                "!5;0",
                "1<2;1",
                "2<=1;0",
                "3==3;1",
                "3!=3;0",
                "1&&0;0",
                "1||0;1",
                "1?2:3;2",
                "0?2:0?4:5;5",
                "x;5",
                "x*2;10",
                "hex+1;17",
                "010;8",
                "unset+1;1",
                "empty+1;1",
                "x=3,x+1;4",
                "x+=2;7",
                "x++ + x;11",
                "++x;6",
                "--x;4",
                "'  1 +  1  ';2",
                "'';0",
                "0 && (1/0);0",
                "1 || (1/0);1",
                "1 ? 2 : (1/0);2",
            })
    void expressionsHaveTheValueThatCGivesThem(String expression, long value) {
        assertThat(Arithmetic.evaluate(expression, variables::get, variables::put))
                .isEqualTo(value);
    }

    @Test
    void whatIsNotEvaluatedAssignsNothing() {
        Arithmetic.evaluate("0 && (x = 9) || 1 ? 1 : (x = 8)", variables::get, variables::put);
        assertThat(variables).containsEntry("x", "5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1/0;1/0: arithmetic division by zero",
                "1 +;1 +: arithmetic operand expected",
                "(1;(1: arithmetic ')' expected",
                "1 2;1 2: arithmetic syntax error",
                "1?2;1?2: arithmetic ':' expected",
                "09;09: arithmetic syntax error",
                "word;abc: arithmetic syntax error",
                "@;@: arithmetic operand expected",
            })
    void mistakesAreSaid(String expression, String message) {
        assertThatThrownBy(() -> Arithmetic.evaluate(expression, variables::get, variables::put))
                .isInstanceOf(ShellError.class)
                .hasMessage(message);
    }
}
