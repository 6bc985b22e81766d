// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;

/** Names in as many columns as fit a line, sorted downwards, as ls(1) shows them on a terminal. */
final class Columns {
    private static final int GAP = 2;

    private Columns() {}

    static String layOut(List<String> names, int lineWidth) {
        for (int rows = 1; rows < names.size(); rows++) {
            int[] widths = widths(names, rows);
            int total = -GAP;
            for (int width : widths) {
                total += width + GAP;
            }
            if (total < lineWidth) {
                return layOut(names, rows, widths);
            }
        }
        return names.isEmpty() ? "" : String.join("\n", names) + "\n";
    }

    private static int[] widths(List<String> names, int rows) {
        int[] widths = new int[(names.size() + rows - 1) / rows];
        for (int i = 0; i < names.size(); i++) {
            widths[i / rows] = Math.max(widths[i / rows], names.get(i).length());
        }
        return widths;
    }

    private static String layOut(List<String> names, int rows, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows; row++) {
            for (int i = row; i < names.size(); i += rows) {
                String name = names.get(i);
                text.append(name);
                if (i + rows < names.size()) {
                    text.append(" ".repeat(widths[i / rows] + GAP - name.length()));
                }
            }
            text.append('\n');
        }
        return text.toString();
    }
}
