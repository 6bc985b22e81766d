// SPDX-License-Identifier: Apache-2.0
package kernel.api.context;

/** Softirq context: deferred work of interrupts, with interrupts enabled and still nobody to put to sleep. */
public interface SoftirqContext extends AtomicContext {}
