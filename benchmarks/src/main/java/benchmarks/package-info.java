// SPDX-License-Identifier: Apache-2.0
/** What the simulated kernel costs, beside what the host kernel costs: the operations, their goals, the rounds and the table. */
package benchmarks;
