// SPDX-License-Identifier: Apache-2.0
/** The simulated kernel as benchmarks drive it: machines, tasks and processes that run a batch of operations for a thread of the host. */
package benchmarks.simulated;
