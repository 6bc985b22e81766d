// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.util.Optional;

/** A measurement that needs something of the machine. */
record Hindered(Measurement measurement, Optional<String> obstacle) implements Measurement {
    @Override
    public boolean once() {
        return measurement.once();
    }

    @Override
    public Samples measure(Effort effort) throws MeasurementException {
        return measurement.measure(effort);
    }
}
