// SPDX-License-Identifier: Apache-2.0
package shell.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Columns as wide as they need to be. */
class TableTest {
    @Test
    void columnsAreAlignedAndLinesEndWithTheirText() {
        assertThat(new Table()
                        .row("NAME", "IRQ", "")
                        .row("tempsensor0", "16", "x")
                        .row("b", "7", "")
                        .text())
                .isEqualTo("""
                        NAME         IRQ
                        tempsensor0  16   x
                        b            7
                        """);
    }
}
