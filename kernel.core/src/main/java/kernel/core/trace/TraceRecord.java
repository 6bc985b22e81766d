// SPDX-License-Identifier: Apache-2.0
package kernel.core.trace;

/**
 * One event.
 *
 * @param nanos when, in nanoseconds of the machine's clock
 * @param processor on which processor, -1 for hardware on its own
 * @param pid of current, 0 for idle, -1 for hardware on its own
 * @param name of current
 * @param context the state of the processor as Linux prints it: {@code d} interrupts off, {@code N} reschedule, {@code h}/{@code s}/{@code H} in hard, soft or hard-in-soft interrupt, then the preempt depth
 * @param a first number, by kind
 * @param b second number, by kind
 * @param text what the event is about, by kind; never null
 */
public record TraceRecord(
        long nanos,
        int processor,
        int pid,
        String name,
        String context,
        TraceEvent event,
        long a,
        long b,
        String text) {}
