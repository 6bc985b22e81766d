// SPDX-License-Identifier: Apache-2.0
package kernel.core.trace;

import java.util.function.BooleanSupplier;
import kernel.api.context.ProcessContext;

/** Where processes are held until a tool that watches them has caught up (Linux: the stops of ptrace). */
public interface Gate {
    /** Sleeps until the condition holds or a signal comes. Process context, nothing held. */
    void await(ProcessContext process, BooleanSupplier condition);

    /** The condition may have changed: those who wait look again. On any thread. */
    void changed();
}
