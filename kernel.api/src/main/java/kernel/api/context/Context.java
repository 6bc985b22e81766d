// SPDX-License-Identifier: Apache-2.0
package kernel.api.context;

/**
 * Some context of kernel code. Whoever holds one may do what is allowed everywhere: touch registers, take spin locks,
 * wake sleepers, schedule deferred work.
 *
 * <p>A context is a capability and is passed down, never kept: a function that may sleep or touch user memory asks for a {@link ProcessContext}, and
 * a handler has none to give. Using one after the call it came with has returned, or from another thread, is a reported bug.
 */
public interface Context {
    /** The number of the processor this code runs on; may change across a sleep. */
    int processor();

    /** The process id of {@code current}; in a handler that is a bystander. */
    int currentPid();

    /** The name of {@code current}; in a handler that is a bystander. */
    String currentName();

    /** Time of the machine's monotonic clock in nanoseconds (Linux: ktime_get). */
    long nanoTime();
}
