// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.util.Optional;

/** A way to a figure. */
interface Measurement {
    /** Why it cannot be taken on this machine; empty when it can. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /** Whether it is taken in the first round only, because it has enough runs of its own. */
    default boolean once() {
        return false;
    }

    /**
     * Takes the figures of one round, in JVMs of its own.
     *
     * @throws MeasurementException there are none; the message says why
     */
    Samples measure(Effort effort) throws MeasurementException;
}
