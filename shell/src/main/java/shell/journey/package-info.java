// SPDX-License-Identifier: Apache-2.0
/**
 * The picture of a system call's journey: what the trace says of one call, arranged as a U. Pure functions of trace records; runs
 * anywhere.
 */
package shell.journey;
