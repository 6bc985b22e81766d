// SPDX-License-Identifier: Apache-2.0
package testkit;

import java.util.function.Consumer;

/**
 * Runs a test under many schedules. Each gets a fresh kernel with an exploring schedule; a failure names the seed that replays it.
 */
public final class Exploration {
    /** In a campaign, this many times the schedules. */
    private static final int CAMPAIGN_FACTOR = 50;

    private static final String SEED_PROPERTY = "ubend.seed";

    private final int schedules;
    private final int cpus;

    private Exploration(int schedules, int cpus) {
        this.schedules = schedules;
        this.cpus = cpus;
    }

    /** So many schedules on two processors; more with {@code -Pcampaign}, one with {@code -Dubend.seed}. */
    public static Exploration of(int schedules) {
        return new Exploration(Boolean.getBoolean("ubend.campaign") ? schedules * CAMPAIGN_FACTOR : schedules, 2);
    }

    public Exploration onCpus(int count) {
        return new Exploration(schedules, count);
    }

    /** Runs the body once for each schedule. */
    public void run(Consumer<TestKernel> body) {
        Long only = Long.getLong(SEED_PROPERTY);
        if (only != null) {
            runOne(only, body);
            return;
        }
        for (long seed = 0; seed < schedules; seed++) {
            runOne(seed, body);
        }
    }

    private void runOne(long seed, Consumer<TestKernel> body) {
        try (TestKernel kernel = TestKernel.exploring(seed, cpus)) {
            try {
                body.accept(kernel);
                kernel.checkNothingWrong();
            } catch (RuntimeException | Error failure) {
                throw new AssertionError(
                        "schedule " + seed + " of " + schedules + ": " + failure.getMessage() + "\n"
                                + kernel.evidence(),
                        failure);
            }
        }
    }
}
