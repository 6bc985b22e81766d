// SPDX-License-Identifier: Apache-2.0
package shell.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import shell.journey.Step.Lane;

/**
 * Draws a journey as a U: the way down on the left, read from top to bottom; the way up on the right, read from bottom to top; the
 * fork at the bottom, where the process sleeps and the device runs.
 */
public final class Drawing {
    private static final int MARGIN = 1;
    private static final int TIME_WIDTH = 10;
    private static final int MIN_WIDTH = 72;

    private final Style style;
    private final int width;
    private final int column;

    /**
     * Draws in that style.
     *
     * @param width of the terminal in characters; less than 72 is taken as 72
     */
    public Drawing(Style style, int width) {
        this.style = style;
        this.width = Math.max(MIN_WIDTH, width);
        column = (this.width - MARGIN - 2) / 2;
    }

    /** The picture, its lines ended by newlines. */
    public String draw(Journey journey) {
        List<String> lines = new ArrayList<>();
        lines.add(style.bold(fit(journey.process() + ": " + journey.call() + " = " + journey.result(), width)));
        lines.add("");
        lines.add(style.lane(Lane.USER, " USER"));
        band(lines, Lane.USER, journey);
        lines.add(boundary(Lane.KERNEL, "trap", "return"));
        band(lines, Lane.KERNEL, journey);
        if (journey.slept() || has(journey, Lane.HARDWARE)) {
            lines.add(boundary(Lane.HARDWARE, "registers", "interrupt"));
            band(lines, Lane.HARDWARE, journey);
        }
        bend(lines, journey);
        lines.add("");
        lines.addAll(summary(journey));
        return String.join("\n", lines) + "\n";
    }

    private static boolean has(Journey journey, Lane lane) {
        return journey.down().stream().anyMatch(step -> step.lane() == lane)
                || journey.up().stream().anyMatch(step -> step.lane() == lane);
    }

    private void band(List<String> lines, Lane lane, Journey journey) {
        List<String> down = sides(lane, journey.down(), 0, column - 2, false);
        long interrupt = journey.slept() ? journey.up().getFirst().nanos() : 0;
        List<String> up = sides(lane, journey.up(), interrupt, rightRoom(), true);
        int height = Math.max(1, Math.max(down.size(), up.size()));
        for (int row = 0; row < height; row++) {
            String left = row < down.size() ? down.get(row) : "";
            int fromBottom = height - up.size();
            String right = row >= fromBottom ? up.get(row - fromBottom) : "";
            lines.add(row(lane, left, right));
        }
    }

    /**
     * The lines of one side in one lane; the way up is turned around, so that the latest is on top.
     *
     * @param start what times count from: the trap on the way down, the interrupt on the way up
     * @param room the longest that a line may be
     */
    private List<String> sides(Lane lane, List<Step> steps, long start, int room, boolean reversed) {
        List<String> lines = new ArrayList<>();
        String context = "";
        for (Step step : steps) {
            if (step.lane() != lane) {
                continue;
            }
            if (!step.context().equals(context)) {
                context = step.context();
                lines.add(style.dim(fit("[" + context + "]", room)));
            }
            lines.add(fit(pad(time(step.nanos() - start), TIME_WIDTH) + step.text(), room));
        }
        return reversed ? lines.reversed() : lines;
    }

    private int rightRoom() {
        return width - MARGIN - column - 2;
    }

    private String row(Lane lane, String left, String right) {
        String side = style.lane(lane, style.vertical());
        String line = " ".repeat(MARGIN) + side + " " + style.pad(left, column - 2) + side + " " + right;
        return line.stripTrailing();
    }

    /** The line between two lanes: its way down, the name of the lane below, its way up. */
    private String boundary(Lane below, String down, String up) {
        String left = style.arrowDown() + " " + down + " ";
        String right = style.arrowUp() + " " + up + " ";
        String name = " " + below.name() + " ";
        int gap = column - left.length() - name.length();
        return style.dim(style.horizontal(MARGIN) + left + style.horizontal(gap / 2))
                + style.lane(below, name)
                + style.dim(style.horizontal(gap - gap / 2)
                        + right
                        + style.horizontal(width - MARGIN - column - right.length()));
    }

    private void bend(List<String> lines, Journey journey) {
        String margin = " ".repeat(MARGIN);
        if (!journey.slept()) {
            lines.add(margin + style.bend(column, "never asleep"));
            return;
        }
        String asleep = journey.process() + " sleeps: " + journey.sleptOn();
        lines.add(row(Lane.HARDWARE, "", ""));
        lines.add(row(Lane.HARDWARE, style.bold("THE FORK"), ""));
        for (Step step : journey.fork()) {
            String right = fit(pad(time(step.nanos()), TIME_WIDTH) + step.text(), rightRoom());
            lines.add(row(Lane.HARDWARE, fit(style.bullet() + " " + asleep, column - 2), right));
            asleep = "";
        }
        if (!asleep.isEmpty()) {
            lines.add(row(Lane.HARDWARE, fit(style.bullet() + " " + asleep, column - 2), ""));
        }
        lines.add(margin + style.bend(column, "device runs " + duration(journey.sleepNanos()) + ", cpu free"));
    }

    private List<String> summary(Journey journey) {
        long awake = journey.nanos() - journey.sleepNanos();
        if (!journey.slept()) {
            return List.of(duration(journey.nanos()) + " from trap to return");
        }
        return List.of(
                "%s from trap to return: %s on the way, %s asleep"
                        .formatted(duration(journey.nanos()), duration(awake), duration(journey.sleepNanos())),
                "times: down from the trap, up from the interrupt at +"
                        + duration(journey.up().getFirst().nanos()));
    }

    private static String time(long nanos) {
        return "+" + duration(nanos);
    }

    private static String duration(long nanos) {
        if (nanos < 1_000) {
            return nanos + "ns";
        }
        return nanos < 1_000_000
                ? String.format(Locale.ROOT, "%.2fus", nanos / 1e3)
                : String.format(Locale.ROOT, "%.3fms", nanos / 1e6);
    }

    private static String pad(String text, int to) {
        return text + " ".repeat(Math.max(1, to - text.length()));
    }

    private String fit(String text, int to) {
        return text.length() <= to ? text : text.substring(0, to - 1) + style.ellipsis();
    }
}
