// SPDX-License-Identifier: Apache-2.0
/** One class for each operation that is measured; where the host kernel has the same operation, it is the method beside it. */
package benchmarks.operation;
