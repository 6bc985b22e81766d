// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

/** Whether what a wait queue or mutex belongs to has gone, so that nobody may sleep for it any more. */
@FunctionalInterface
public interface Gone {
    /** For what never goes. */
    Gone NEVER = () -> false;

    boolean isGone();
}
