// SPDX-License-Identifier: Apache-2.0
/**
 * A kernel for tests of user programs: files, pipes and processes in memory, no threads. A forked child runs to its end inside the fork, so
 * a read that would block is a mistake of the program (somebody still holds the write end) and fails the test.
 */
package userland.fake;
