// SPDX-License-Identifier: Apache-2.0
/**
 * What the tests of the tests look at: classes that break a rule, tests that have to fail. Nothing runs them by itself.
 */
package integration.tests.specimens;
