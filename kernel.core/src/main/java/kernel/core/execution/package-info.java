// SPDX-License-Identifier: Apache-2.0
/** How code runs: processors, tasks, points, the scheduler, interrupts, deferred work, locks, wait queues (Linux: kernel/sched, kernel/irq, kernel/softirq.c, kernel/locking). Every context. */
package kernel.core.execution;
