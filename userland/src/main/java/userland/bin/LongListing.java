// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.List;
import kernel.uapi.FileMode;
import userland.libc.FileStatus;

/** The lines of {@code ls -l}: a table whose columns are as wide as their widest entry. */
final class LongListing {
    private static final int INODE = 0;
    private static final int LINKS = 1;
    private static final int OWNER = 2;
    private static final int GROUP = 3;
    private static final int SIZE = 4;
    private static final int COLUMNS = 5;

    /** A line in the making. */
    private record Line(String mode, List<String> cells, FileStatus status, String rest) {}

    private final Moment now;
    private final boolean inodes;
    private final List<Line> lines = new ArrayList<>();
    private final int[] widths = new int[COLUMNS];
    private int majorWidth;
    private int minorWidth;

    LongListing(Moment now, boolean inodes) {
        this.now = now;
        this.inodes = inodes;
    }

    /** @param name with the target behind it for a symbolic link */
    void add(FileStatus status, String name) {
        List<String> cells = List.of(
                Long.toString(status.inode()),
                Long.toString(status.links()),
                Names.of(status.uid()),
                Names.of(status.gid()),
                isDevice(status) ? "" : Long.toString(status.sizeBytes()));
        for (int i = 0; i < COLUMNS; i++) {
            widths[i] = Math.max(widths[i], cells.get(i).length());
        }
        if (isDevice(status)) {
            majorWidth = Math.max(
                    majorWidth,
                    Integer.toString(FileMode.major(status.rawDevice())).length());
            minorWidth = Math.max(
                    minorWidth,
                    Integer.toString(FileMode.minor(status.rawDevice())).length());
        }
        String time = new Moment(status.modificationTimeNanos()).brief(now);
        lines.add(new Line(ModeText.of(status.mode()), cells, status, time + " " + name));
    }

    String text() {
        if (majorWidth > 0) {
            widths[SIZE] = Math.max(widths[SIZE], majorWidth + 2 + minorWidth);
        }
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            String size = isDevice(line.status) ? deviceNumber(line.status.rawDevice()) : line.cells.get(SIZE);
            if (inodes) {
                text.append(right(line.cells.get(INODE), widths[INODE])).append(' ');
            }
            text.append(line.mode)
                    .append(' ')
                    .append(right(line.cells.get(LINKS), widths[LINKS]))
                    .append(' ')
                    .append(left(line.cells.get(OWNER), widths[OWNER]))
                    .append(' ')
                    .append(left(line.cells.get(GROUP), widths[GROUP]))
                    .append(' ')
                    .append(right(size, widths[SIZE]))
                    .append(' ')
                    .append(line.rest)
                    .append('\n');
        }
        return text.toString();
    }

    private String deviceNumber(long device) {
        return right(Integer.toString(FileMode.major(device)), majorWidth)
                + ", "
                + right(Integer.toString(FileMode.minor(device)), minorWidth);
    }

    private static boolean isDevice(FileStatus status) {
        return status.isCharacterDevice() || status.isBlockDevice();
    }

    static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
