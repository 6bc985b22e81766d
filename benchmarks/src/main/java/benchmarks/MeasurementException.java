// SPDX-License-Identifier: Apache-2.0
package benchmarks;

/** A figure could not be taken. */
final class MeasurementException extends Exception {
    MeasurementException(String message) {
        super(message);
    }

    MeasurementException(String message, Throwable cause) {
        super(message, cause);
    }
}
