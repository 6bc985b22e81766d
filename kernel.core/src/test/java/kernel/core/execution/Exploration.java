// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.util.function.Consumer;

/** Many schedules of one small machine. {@code -Dubend.seed} replays one, {@code -Dubend.campaign=true} tries fifty times as many. */
public final class Exploration {
    private static final int SEEDS = 2_000;
    private static final int CAMPAIGN_SEEDS = 100_000;

    private Exploration() {}

    /** Runs the body under all schedules; it must hold under each. */
    public static void of(int cpus, Consumer<Lab> body) {
        Long only = Long.getLong("ubend.seed");
        if (only != null) {
            explore(cpus, only, body);
            return;
        }
        int seeds = Boolean.getBoolean("ubend.campaign") ? CAMPAIGN_SEEDS : SEEDS;
        for (long seed = 0; seed < seeds; seed++) {
            explore(cpus, seed, body);
        }
    }

    private static void explore(int cpus, long seed, Consumer<Lab> body) {
        try (Lab lab = Lab.exploring(cpus, seed)) {
            try {
                body.accept(lab);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "seed " + seed + " (replay with -Dubend.seed=" + seed + "): " + e.getMessage() + "\n"
                                + lab.tasks(),
                        e);
            }
        }
    }

    /** The first of so many seeds under which the body, which has a mistake in it, fails; -1 when it is never found. */
    public static long firstFailure(int cpus, int seeds, Consumer<Lab> body) {
        for (long seed = 0; seed < seeds; seed++) {
            try (Lab lab = Lab.exploring(cpus, seed)) {
                body.accept(lab);
            } catch (RuntimeException | AssertionError e) {
                return seed;
            }
        }
        return -1;
    }
}
