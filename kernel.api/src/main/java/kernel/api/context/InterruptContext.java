// SPDX-License-Identifier: Apache-2.0
package kernel.api.context;

/** Interrupt context: a handler on top of whatever ran on this processor, with interrupts disabled (Linux: hardirq). */
public interface InterruptContext extends AtomicContext {}
