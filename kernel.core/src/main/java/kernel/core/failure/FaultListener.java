// SPDX-License-Identifier: Apache-2.0
package kernel.core.failure;

import java.util.List;

/** What an oops wants to know of modules, and whom it tells. Called in every context; must not sleep. */
public interface FaultListener {
    /** The name of the module whose code a frame is; null for the kernel's own. */
    String moduleOf(StackTraceElement frame);

    /** The modules there are, for {@code Modules linked in:}, each with its taint letters as in {@code tempsensor(O)}. */
    List<String> modulesLinkedIn();

    /** Code of that module threw inside the kernel: it is not to be entered any more. */
    void faulted(String module);
}
