// SPDX-License-Identifier: Apache-2.0
/** The machine of the framework under test, driven as its user drives it: by processes, their system calls and a hand that plugs cards. */
package integration.tests.machine;
