// SPDX-License-Identifier: Apache-2.0
package shell.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import shell.journey.Step.Lane;

/**
 * Draws a journey as a U: the way down on the left, read from top to bottom; the way up on the right, read from bottom to top; the
 * fork at the bottom, where the process sleeps and the device runs.
 */
public final class Drawing {
    private static final int MARGIN = 1;
    private static final int TIME_WIDTH = 10;
    private static final int MIN_WIDTH = 72;
    /** Wider than this the two sides are too far apart to be one picture. */
    private static final int MAX_WIDTH = 132;

    private final Style style;
    private final int width;
    private final int column;

    /**
     * Draws in that style.
     *
     * @param width of the terminal in characters; less than 72 is taken as 72, more than 132 as 132
     */
    public Drawing(Style style, int width) {
        this.style = style;
        this.width = Math.clamp(width, MIN_WIDTH, MAX_WIDTH);
        column = (this.width - MARGIN - 2) / 2;
    }

    /** The picture, its lines ended by newlines. */
    public String draw(Journey journey) {
        List<String> lines = new ArrayList<>();
        lines.add(style.bold(fit(journey.process() + ": " + journey.call() + " = " + journey.result(), width)));
        lines.add("");
        lines.add(style.lane(Lane.USER, " USER"));
        long interrupt =
                journey.wake().isEmpty() ? 0 : journey.wake().getFirst().nanos();
        List<String> returned = right(Lane.USER, journey.up(), interrupt);
        band(lines, Lane.USER, left(Lane.USER, journey.down()), returned);
        lines.add(boundary(Lane.KERNEL, "trap", "return"));
        band(lines, Lane.KERNEL, left(Lane.KERNEL, journey.down()), right(Lane.KERNEL, journey.up(), interrupt));
        if (journey.slept()) {
            fork(lines, journey);
            List<String> wake = right(Lane.KERNEL, journey.wake(), interrupt);
            band(lines, Lane.KERNEL, left(Lane.KERNEL, journey.sleep().processor()), wake);
        }
        bottom(lines, journey, interrupt);
        lines.add("");
        lines.addAll(summary(journey));
        return String.join("\n", lines) + "\n";
    }

    /** Where time forks: above the line the process, which sleeps along it, below the line everybody else. */
    private void fork(List<String> lines, Journey journey) {
        String asleep =
                journey.process() + " asleep " + duration(journey.sleep().nanos());
        String line = style.lane(Lane.USER, style.join(column, asleep));
        String others = hasHardware(journey) ? device(journey) + " works" : "others work";
        lines.add(" ".repeat(MARGIN) + line + " " + style.bold("THE FORK")
                + fit(": it sleeps, " + others, rightRoom() - 8));
    }

    /** The device's band, if there was one, and the bend below it. */
    private void bottom(List<String> lines, Journey journey, long interrupt) {
        String words = journey.slept() ? "" : "never asleep";
        if (hasHardware(journey)) {
            List<Step> steps = new ArrayList<>(journey.down());
            if (journey.slept()) {
                steps.addAll(journey.sleep().device());
                words = device(journey) + " works";
            }
            lines.add(boundary(Lane.HARDWARE, "registers", "interrupt"));
            band(lines, Lane.HARDWARE, left(Lane.HARDWARE, steps), right(Lane.HARDWARE, journey.wake(), interrupt));
        }
        lines.add(" ".repeat(MARGIN) + style.bend(column, words));
    }

    private static boolean hasHardware(Journey journey) {
        return Stream.of(journey.down(), journey.wake()).flatMap(List::stream).anyMatch(Drawing::isHardware)
                || (journey.slept() && !journey.sleep().device().isEmpty());
    }

    private static boolean isHardware(Step step) {
        return step.lane() == Lane.HARDWARE;
    }

    private static String device(Journey journey) {
        boolean timer = journey.wake().stream().anyMatch(step -> step.text().equals("timer"));
        return Stream.of(journey.down(), journey.sleep().device())
                .flatMap(List::stream)
                .filter(Drawing::isHardware)
                .map(Step::context)
                .findFirst()
                .orElse(timer ? "the timer" : "the device");
    }

    private void band(List<String> lines, Lane lane, List<String> down, List<String> up) {
        int height = Math.max(1, Math.max(down.size(), up.size()));
        for (int row = 0; row < height; row++) {
            String left = row < down.size() ? down.get(row) : "";
            int fromBottom = height - up.size();
            String right = row >= fromBottom ? up.get(row - fromBottom) : "";
            lines.add(row(lane, left, right));
        }
    }

    private List<String> left(Lane lane, List<Step> steps) {
        return sides(lane, steps, 0, column - 2, false);
    }

    private List<String> right(Lane lane, List<Step> steps, long interrupt) {
        return sides(lane, steps, interrupt, rightRoom(), true);
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

    private List<String> summary(Journey journey) {
        if (!journey.slept()) {
            return List.of(duration(journey.nanos()) + " from trap to return");
        }
        long asleep = journey.sleep().nanos();
        List<String> lines = new ArrayList<>();
        lines.add("%s from trap to return: %s on the way, %s asleep"
                .formatted(duration(journey.nanos()), duration(journey.nanos() - asleep), duration(asleep)));
        if (!journey.wake().isEmpty()) {
            lines.add("read down on the left, up on the right; there from the interrupt, +"
                    + duration(journey.wake().getFirst().nanos()));
        }
        return lines;
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
