// SPDX-License-Identifier: Apache-2.0
package shell.text;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns that are as wide as they need to be. */
public final class Table {
    private final List<String[]> rows = new ArrayList<>();

    /** A row; the first one is the header. */
    public Table row(String... cells) {
        rows.add(cells);
        return this;
    }

    /** The lines, two blanks between columns, none at their ends. */
    public String text() {
        List<Integer> widths = new ArrayList<>();
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                if (i == widths.size()) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), row[i].length()));
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                line.append(row[i]).append(" ".repeat(widths.get(i) - row[i].length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
