// SPDX-License-Identifier: Apache-2.0
package kernel.core.device;

import kernel.core.execution.Halt;

/** The steps of taking something down: one that throws does not keep the others from being done, and is thrown in the end. */
final class Farewell {
    private Throwable first;

    void step(Runnable step) {
        try {
            step.run();
        } catch (Halt e) {
            throw e;
        } catch (RuntimeException | Error e) {
            if (first == null) {
                first = e;
            } else {
                first.addSuppressed(e);
            }
        }
    }

    /** After the last step: throws what the first one that threw has thrown. */
    void end() {
        switch (first) {
            case null -> {}
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new AssertionError("steps throw nothing else", first);
        }
    }
}
