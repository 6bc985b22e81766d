// SPDX-License-Identifier: Apache-2.0
package benchmarks;

/**
 * A line of the table.
 *
 * @param host the host kernel's side, or null
 * @param simulated ours, or null
 * @param note what a reader must know to judge the figures; empty when the name says it
 */
record Row(String operation, Measurement host, Measurement simulated, Goal goal, String note) {}
