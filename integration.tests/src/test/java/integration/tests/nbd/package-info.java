// SPDX-License-Identifier: Apache-2.0
/** Programs of the host that nobody here wrote, at a disk of a running machine. */
package integration.tests.nbd;
