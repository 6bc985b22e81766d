// SPDX-License-Identifier: Apache-2.0
/** Disks and file systems of the whole kernel, without a framework. */
package integration.tests.disk;
